using System.Globalization;
using System.Text;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Bench.Load;

/// <summary>A signed webhook request as bytes.</summary>
internal static class Request
{
    public const string Secret = "a-secret-for-measurements";

    private static readonly SigningSecret Key = SigningSecret.FromText("Secrets:0", Secret);

    public static byte[] Create(string path, byte[] body)
    {
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var head = $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nUser-Agent: Redbark-Webhook/1.0\r\n"
            + $"{WebhookHeaders.Signature}: {WebhookSignature.Sign(body, timestamp, Key)}\r\n"
            + $"{WebhookHeaders.Timestamp}: {timestamp.ToString(CultureInfo.InvariantCulture)}\r\nContent-Length: {body.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
