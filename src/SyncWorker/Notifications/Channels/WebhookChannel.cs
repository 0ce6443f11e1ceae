using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Notifications.Channels;

/// <summary>Posts notices as JSON, signed as Redbark signs its webhooks, so that one piece of code verifies both.</summary>
internal sealed class WebhookChannel(IOptions<NotificationOptions> options, TimeProvider clock) : INoticeChannel, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A redirect would take the notice where the settings do not say.
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Patience };

    public string Name => "webhook";

    public bool IsSet => options.Value.Webhook is not null;

    public async Task SendAsync(NoticeMessage message, CancellationToken cancellation)
    {
        var (url, secret) = options.Value.Webhook!;
        var body = Write(message);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add(WebhookHeaders.Signature, WebhookSignature.Sign(body, timestamp, secret));
        request.Headers.Add(WebhookHeaders.Timestamp, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookHeaders.DeliveryId, message.Id.ToString());
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"{url.Authority} answered {(int)answer.StatusCode}.", null, answer.StatusCode);
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Write(NoticeMessage message)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("id", message.Id);
            json.WriteString("at", message.At);
            json.WriteStartArray("notices");
            foreach (var (change, condition, beganAt) in message.Notices)
            {
                json.WriteStartObject();
                json.WriteString("change", change);
                json.WriteString("kind", condition.Kind);
                json.WriteString("subject", condition.Subject);
                json.WriteString("summary", condition.Summary);
                json.WriteString("action", condition.Action);
                json.WriteString("since", condition.Since ?? beganAt);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
