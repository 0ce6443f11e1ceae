using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

/// <summary>One answer, read whole.</summary>
internal sealed record Heard(HttpStatusCode Status, string Body, HttpResponseHeaders Headers, MediaTypeHeaderValue? Type)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public JsonNode Data => Json[nameof(Data)]!;

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.Single() : null;

    public static async Task<Heard> FromAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return new Heard(response.StatusCode, body, response.Headers, response.Content.Headers.ContentType);
        }
    }
}
