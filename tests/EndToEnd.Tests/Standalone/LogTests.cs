using System.Globalization;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Wire;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary>At the most talkative level, no log holds a body, a secret, a signature or a token.</summary>
public sealed class LogTests
{
    private const string Marker = "a-very-private-purchase";

    [Fact]
    public async Task Bodies_secrets_signatures_and_tokens_are_never_logged()
    {
        using var logs = new Redbark.Sync.Testing.TemporaryDirectory("logs");
        await using var standalone = new StandaloneProcess(
            ("Serilog__MinimumLevel__Default", "Verbose"),
            ("Serilog__MinimumLevel__Override__Microsoft", "Verbose"),
            ("Serilog__MinimumLevel__Override__System", "Verbose"),
            ("Serilog__MinimumLevel__Override__Npgsql", "Verbose"),
            ("Logging__File", Path.Combine(logs.Path, "log")));
        await standalone.Process.StartAsync();
        using var api = standalone.CreateApiClient();
        var token = api.DefaultRequestHeaders.Authorization!.Parameter!;

        using var client = new HttpClient();
        var body = System.Text.Encoding.UTF8.GetBytes($$"""
            {"id":"e","type":"transactions.synced","created":1786671600,"data":{"new":[
             {"id":"good","amount":-1,"currency":"aud","status":"posted","description":"{{Marker}}","account_id":"{{Sender.Account}}","local_date":"2026-08-14"},
             {"id":"bad","amount":"{{Marker}}","account_id":"{{Sender.Account}}"}]} }
            """);
        var signature = await PostAsync(client, standalone.Webhook, body, Sender.Secret);
        var forged = await PostAsync(client, standalone.Webhook, body, "another-secret");
        await api.HasDeliveriesAsync(1, () => standalone.Process.Output);
        Assert.Single(await api.ListAsync("/api/v1/quarantine"));
        await standalone.Process.StopAsync();

        var log = string.Concat(Directory.EnumerateFiles(logs.Path).Select(File.ReadAllText));
        Assert.Contains("redbark", log);
        foreach (var secret in (string[])[Marker, Sender.Secret, signature[7..], forged[7..], token])
        {
            Assert.DoesNotContain(secret, log);
            // The token stands once in what a first start prints for its user, which is not a log.
            if (secret != token)
                Assert.DoesNotContain(secret, standalone.Process.Output);
        }
    }

    private static async Task<string> PostAsync(HttpClient client, Uri url, byte[] body, string secret)
    {
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var signature = WebhookSignature.Sign(body, timestamp, SigningSecret.FromText("Secrets:0", secret));
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Headers.Add(WebhookHeaders.Signature, signature);
        request.Headers.Add(WebhookHeaders.Timestamp, timestamp.ToString(CultureInfo.InvariantCulture));
        using var answer = await client.SendAsync(request);
        return signature;
    }
}
