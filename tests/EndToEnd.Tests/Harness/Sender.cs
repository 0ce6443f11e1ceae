using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Redbark.Sync.Wire;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

/// <summary>Sends deliveries with known rows and remembers which were answered 200: those, and what they say, must be in the ledger.</summary>
internal sealed class Sender(Uri webhook) : IDisposable
{
    public const string Secret = "an-end-to-end-secret";
    public const string Account = "6af4be01-a492-4f4b-93c9-da6dd1f93149";

    private static readonly SigningSecret Key = SigningSecret.FromText("Secrets:0", Secret);
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ConcurrentDictionary<int, int> _accepted = new();
    private int _next;

    /// <summary>Numbers of the deliveries that were answered 200.</summary>
    public IReadOnlyCollection<int> Accepted => [.. _accepted.Keys];

    /// <summary>How many requests had no 200.</summary>
    public int Failures { get; private set; }

    /// <summary>The row ids of a delivery: two rows each, so that a half-applied delivery would show.</summary>
    public static string[] RowsOf(int number) => [$"row-{number}-a", $"row-{number}-b"];

    /// <summary>Sends one delivery after the other until told to stop, with small pauses: what is tried is crashes, not speed.</summary>
    public async Task SendUntilAsync(CancellationToken stop)
    {
        for (; !stop.IsCancellationRequested; await Task.Delay(40, CancellationToken.None))
            await SendAsync(Interlocked.Increment(ref _next));
    }

    public async Task<HttpStatusCode?> SendAsync(int number)
    {
        try
        {
            using var answer = await PostAsync(Body(number));
            if (answer.StatusCode == HttpStatusCode.OK)
                _accepted[number] = number;
            else
                Failures++;
            return answer.StatusCode;
        }
        catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException)
        {
            Failures++;
            await Task.Delay(10);
            return null;
        }
    }

    /// <summary>Takes up a delivery that was answered 200 to somebody else.</summary>
    public void WasAccepted(int number) => _accepted[number] = number;

    /// <summary>The bytes of a request, for who writes them by hand: head and body.</summary>
    /// <param name="number">Of the delivery.</param>
    /// <param name="padding">Bytes of white space behind it.</param>
    public (byte[] Head, byte[] Body) Request(int number, int padding = 0)
    {
        byte[] body = [.. Body(number), .. Enumerable.Repeat((byte)' ', padding)];
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var head = $"""
            POST {webhook.AbsolutePath} HTTP/1.1
            Host: {webhook.Authority}
            Content-Length: {body.Length}
            {WebhookHeaders.Signature}: {WebhookSignature.Sign(body, timestamp, Key)}
            {WebhookHeaders.Timestamp}: {timestamp}


            """;
        return (Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n")), body);
    }

    /// <summary>Posts any bytes, signed as Redbark signs.</summary>
    public Task<HttpResponseMessage> PostAsync(byte[] body)
    {
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new ByteArrayContent(body) };
        request.Headers.Add(WebhookHeaders.Signature, WebhookSignature.Sign(body, timestamp, Key));
        request.Headers.Add(WebhookHeaders.Timestamp, timestamp.ToString(CultureInfo.InvariantCulture));
        return _client.SendAsync(request);
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Body(int number)
    {
        var rows = RowsOf(number).Select((id, index) => $$"""
            {"id":"{{id}}","object":"transaction","amount":{{-100 * number - index}},"currency":"aud","status":"posted","description":"Purchase {{number}}",
             "direction":"debit","account_id":"{{Account}}","account_name":"Everyday","local_date":"2026-08-14"}
            """);
        return Encoding.UTF8.GetBytes($$"""
            {"id":"{{new Guid(number, 0, 0, new byte[8])}}","object":"event","type":"transactions.synced","api_version":"2026-03-15","created":1786671600,
             "data":{"new":[{{string.Join(',', rows)}}],"updated":[]},"metadata":{"sync_run_id":"run_{{number}}","new_count":2,"updated_count":0,"chunk":1,"total_chunks":1} }
            """);
    }
}
