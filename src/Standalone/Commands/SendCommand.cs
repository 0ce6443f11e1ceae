using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Redbark.Sync.Standalone.Hosting;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync send body.json</c>: signs a body as Redbark does (spec 1.2) and posts it.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var body = new BodyArgument();
        var secret = new SecretOptions();
        var url = new Option<string?>("--url") { Description = "Where to post; default: the feed's webhook on this machine." };
        var command = new Command("send", "Sign a body as Redbark does and post it.") { body.Argument, url };
        secret.AddTo(command);
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            var (feed, secrets) = secret.Read(given, configuration);
            var bytes = await body.ReadAsync(given, cancellation);
            return await SendAsync(Target(given.GetValue(url), configuration, feed), bytes, secrets[0], cancellation);
        });
        return command;
    }

    private static Uri Target(string? given, IConfiguration configuration, string feed) =>
        given is null ? new Uri(configuration.LocalUrl(), $"/webhooks/{feed}")
        : Uri.TryCreate(given, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https") ? url
        : throw new UsageException($"--url: expected an http or https address, found '{given}'.");

    private static async Task<int> SendAsync(Uri url, byte[] body, SigningSecret secret, CancellationToken cancellation)
    {
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.ParseAdd("Redbark-Webhook/1.0");
        request.Headers.Add(WebhookHeaders.Signature, WebhookSignature.Sign(body, timestamp, secret));
        request.Headers.Add(WebhookHeaders.Timestamp, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookHeaders.DeliveryId, EventId(body));

        using var client = new HttpClient();
        try
        {
            using var answer = await client.SendAsync(request, cancellation);
            Console.WriteLine($"{(int)answer.StatusCode} {answer.ReasonPhrase}");
            Console.WriteLine(await answer.Content.ReadAsStringAsync(cancellation));
            return answer.IsSuccessStatusCode ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (HttpRequestException error)
        {
            Console.Error.WriteLine($"{url} does not answer: {error.Message}");
            return ExitCodes.Unreachable;
        }
    }

    /// <summary>The body's own event id, as Redbark sends it (spec 1.1); a body without one gets a new id.</summary>
    private static string EventId(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String && Guid.TryParse(id.GetString(), out var parsed))
                return parsed.ToString();
        }
        catch (JsonException)
        {
            // Any bytes can be signed and sent; that is what this command is for.
        }

        return Guid.NewGuid().ToString();
    }
}
