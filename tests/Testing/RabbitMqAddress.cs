using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Redbark.Sync.Testing;

/// <summary>Where a RabbitMQ answers.</summary>
/// <param name="Amqp"><c>amqp://user:password@host:port</c>.</param>
/// <param name="Api"><c>http://user:password@host:port</c> of the management plugin.</param>
public sealed record RabbitMqAddress(Uri Amqp, Uri Api)
{
    /// <summary>What stands in the queues, a line each, for the message of a test that fails.</summary>
    public async Task<string> DescribeQueuesAsync()
    {
        using var api = new HttpClient { BaseAddress = Api };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Api.UserInfo))));
        using var answer = await api.GetAsync("/api/queues");
        if (!answer.IsSuccessStatusCode)
            return $"RabbitMQ's API answers {(int)answer.StatusCode}.";
        using var queues = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return string.Join('\n', queues.RootElement.EnumerateArray().Select(queue =>
            $"{Of(queue, "name")}: {Of(queue, "state")}, {Of(queue, "messages_ready")} ready, {Of(queue, "messages_unacknowledged")} unacknowledged, {Of(queue, "consumers")} consumers"));

        static string Of(JsonElement queue, string name) => queue.TryGetProperty(name, out var value) ? value.ToString() : "?";
    }
}
