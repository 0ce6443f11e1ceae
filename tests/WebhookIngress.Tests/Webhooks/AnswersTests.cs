using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Tests;

public sealed class AnswersTests : IAsyncLifetime
{
    private static readonly byte[] Body = "{\"id\":\"1\",\"type\":\"transactions.synced\"}"u8.ToArray();

    private readonly TemporaryDirectory _directory = new("ingress");
    private IngressDriver _ingress = null!;

    public async ValueTask InitializeAsync() => _ingress = await IngressDriver.StartAsync(_directory.Path, new()
    {
        ["Webhooks:MaxBodyBytes"] = "100000",
        ["Webhooks:ReadTimeout"] = "00:00:01",
    });

    public async ValueTask DisposeAsync()
    {
        await _ingress.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_signed_delivery_is_200_and_in_the_journal_also_when_it_comes_again(bool chunked)
    {
        for (var i = 0; i < 2; i++)
        {
            var (status, _, response) = await _ingress.SendAsync(IngressDriver.Signed(Body, chunked: chunked));
            Assert.Equal(200, status);
            Assert.Equal("{\"received\":true}", await response.Content.ReadAsStringAsync());
            Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        }

        Assert.Equal([Body, Body], _ingress.StoredBodies());
        using var cursor = _ingress.Journal.ReadFrom(1);
        using var record = cursor.Read()!;
        Assert.Equal("Secrets:0", record.Entry.SecretName);
        Assert.Equal(["content-type", "user-agent", "x-redbark-timestamp"], record.Entry.Headers.Keys.Order());
    }

    [Fact]
    public async Task What_is_not_signed_is_401_with_the_reason()
    {
        Assert.Equal((401, "signature_missing"), await ReasonAsync(request => request.Headers.Remove(WebhookHeaders.Signature)));
        Assert.Equal((401, "signature_malformed"), await ReasonAsync(request => Replace(request, WebhookHeaders.Signature, "sha256=12")));
        Assert.Equal((401, "signature_mismatch"), await ReasonAsync(request => Replace(request, WebhookHeaders.Signature, "sha256=" + new string('0', 64))));
        Assert.Equal((401, "timestamp_missing"), await ReasonAsync(request => request.Headers.Remove(WebhookHeaders.Timestamp)));
        Assert.Equal((401, "timestamp_malformed"), await ReasonAsync(request => Replace(request, WebhookHeaders.Timestamp, "soon")));
        Assert.Equal((401, "timestamp_outside_tolerance"), await ReasonAsync(_ => { }, TimeSpan.FromSeconds(310)));
        Assert.Equal((401, "timestamp_outside_tolerance"), await ReasonAsync(_ => { }, TimeSpan.FromSeconds(-310)));
        Assert.Equal((401, "signature_malformed"), await ReasonAsync(request =>
            request.Headers.Add(WebhookHeaders.Signature, request.Headers.GetValues(WebhookHeaders.Signature).Single())));
        Assert.Empty(_ingress.StoredBodies());
    }

    [Fact]
    public async Task An_unknown_feed_is_404()
    {
        var (status, reason, _) = await _ingress.SendAsync(IngressDriver.Signed(Body, feed: "other"));
        Assert.Equal((404, "unknown_feed"), (status, reason));
        Assert.Equal(404, (await _ingress.SendAsync(new(HttpMethod.Get, "/webhooks/Redbark"))).Status);
        Assert.Equal(404, (await _ingress.SendAsync(new(HttpMethod.Get, "/webhooks"))).Status);
    }

    [Fact]
    public async Task A_probe_is_200_and_other_methods_are_405()
    {
        Assert.Equal(200, (await _ingress.SendAsync(new(HttpMethod.Get, "/webhooks/redbark"))).Status);
        Assert.Equal(200, (await _ingress.SendAsync(new(HttpMethod.Head, "/webhooks/redbark"))).Status);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Options })
        {
            var (status, reason, response) = await _ingress.SendAsync(new(method, "/webhooks/redbark"));
            Assert.Equal((405, "method_not_allowed"), (status, reason));
            Assert.Equal(["GET", "HEAD", "POST"], response.Content.Headers.Allow.Order());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_at_the_cap_is_taken_and_one_above_is_413(bool chunked)
    {
        Assert.Equal(200, (await _ingress.SendAsync(IngressDriver.Signed(new byte[100_000], chunked: chunked))).Status);
        var (status, reason, response) = await _ingress.SendAsync(IngressDriver.Signed(new byte[100_001], chunked: chunked));
        Assert.Equal((413, "body_too_large"), (status, reason));
        Assert.True(response.Headers.ConnectionClose);
    }

    [Theory]
    [InlineData("Content-Length: 1000000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_body_over_the_cap_is_not_read_to_its_end(string framing)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _ingress.Client.BaseAddress!.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /webhooks/redbark HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n"));
        if (framing.StartsWith('T'))
            await stream.WriteAsync((byte[])[.. "186A1\r\n"u8, .. new byte[100_001]]);
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync().WaitAsync(IngressDriver.Patience));

        // Kestrel throws away what comes for five seconds more, so that the sender can read the answer, then closes.
        await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(8));
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_408_and_a_sender_who_leaves_leaves_nothing()
    {
        var free = _ingress.Bodies.Free;
        using (var slow = new TcpClient())
        {
            await slow.ConnectAsync(IPAddress.Loopback, _ingress.Client.BaseAddress!.Port);
            await slow.GetStream().WriteAsync("POST /webhooks/redbark HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n{"u8.ToArray());
            using var reader = new StreamReader(slow.GetStream());
            Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync().WaitAsync(IngressDriver.Patience));
        }

        using (var gone = new TcpClient())
        {
            await gone.ConnectAsync(IPAddress.Loopback, _ingress.Client.BaseAddress!.Port);
            await gone.GetStream().WriteAsync("POST /webhooks/redbark HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n{"u8.ToArray());
            await IngressDriver.UntilAsync(() => _ingress.Bodies.Free < free);
            gone.Client.LingerState = new LingerOption(true, 0);
        }

        await IngressDriver.UntilAsync(() => _ingress.Bodies.Free == free);
        Assert.Empty(_ingress.StoredBodies());
        Assert.Equal(200, await _ingress.PostAsync(Body));
    }

    [Fact]
    public async Task When_the_journal_cannot_store_it_is_503_with_Retry_After_and_not_ready()
    {
        Assert.Equal(HttpStatusCode.OK, (await _ingress.Client.GetAsync("/health/ready")).StatusCode);
        _ingress.Files.IsFull = true;
        var (status, reason, response) = await _ingress.SendAsync(IngressDriver.Signed(Body));
        Assert.Equal((503, "journal_failing"), (status, reason));
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);

        using var ready = await _ingress.Client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var health = JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("journal_failing", health.GetProperty("checks").GetProperty("journal").GetProperty("description").GetString());
        Assert.Equal(HttpStatusCode.OK, (await _ingress.Client.GetAsync("/health/live")).StatusCode);

        _ingress.Files.IsFull = false;
        await IngressDriver.UntilAsync(() => _ingress.Journal.Trouble is null);
        Assert.Equal(HttpStatusCode.OK, (await _ingress.Client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(200, await _ingress.PostAsync(Body));
        Assert.Equal([Body], _ingress.StoredBodies());
    }

    private async Task<(int, string?)> ReasonAsync(Action<HttpRequestMessage> change, TimeSpan age = default)
    {
        using var request = IngressDriver.Signed(Body, age: age);
        change(request);
        var (status, reason, _) = await _ingress.SendAsync(request);
        return (status, reason);
    }

    private static void Replace(HttpRequestMessage request, string header, string value)
    {
        request.Headers.Remove(header);
        request.Headers.TryAddWithoutValidation(header, value);
    }
}
