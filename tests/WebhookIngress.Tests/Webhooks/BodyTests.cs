using System.Text;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Tests;

public sealed class BodyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("ingress");

    public static IEnumerable<byte[]> Hostile()
    {
        yield return [];
        yield return [0];
        yield return [0xEF, 0xBB, 0xBF, .. "{}"u8];
        yield return [0xFF, 0xFE, 0x00, 0xD8];
        yield return "not json"u8.ToArray();
        yield return "{\"id\":\"1\",\"type\":\"transactions.synced\",\"data\":{\"new\":["u8.ToArray();
        yield return "[1,2,3]"u8.ToArray();
        yield return "\"text\""u8.ToArray();
        yield return "{\"type\":null,\"data\":[]}"u8.ToArray();
        yield return "{\"type\":\"x\",\"type\":\"y\",\"data\":{\"new\":\"no\"}}"u8.ToArray();
        yield return Encoding.ASCII.GetBytes(new string('[', 1000) + new string(']', 1000));
        yield return Encoding.ASCII.GetBytes(new string('[', 200_000));
        yield return "{\"type\":\"transactions.synced\",\"data\":{\"new\":[\"row\",NaN],\"updated\":[]}}"u8.ToArray();
        yield return "{\"type\":\"transactions.synced\",\"data\":{\"new\":[{\"id\":\"\\ud800\",\"amount\":1e400,\"description\":\"\\u0000\"}]}}"u8.ToArray();
        yield return Encoding.UTF8.GetBytes($"{{\"type\":\"transactions.synced\",\"data\":{{\"new\":[{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"{{\"id\":\"{i}\"}}"))}]}}}}");
        yield return new byte[4 << 20];
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_signed_byte_sequence_is_200_kept_exactly_and_published_once()
    {
        var bodies = Hostile().ToList();
        await using var ingress = await IngressDriver.StartAsync(_directory.Path);
        foreach (var body in bodies)
            Assert.Equal(200, await ingress.PostAsync(body));

        Assert.Equal(bodies, ingress.StoredBodies());
        await IngressDriver.UntilAsync(() => ingress.Publisher.Published.Count == bodies.Count);
        var published = ingress.Publisher.Published.Select(message => Convert.ToHexString(BodyStore.Unpack(message.Delivery.Body))).ToList();
        Assert.Equal(bodies.Select(Convert.ToHexString).Order(), published.Order());
        Assert.All(ingress.Publisher.Published, message => Assert.Equal(message.Delivery.Body.Length > 1 << 20, message is LargeDelivered));
        Assert.Empty(ingress.Logs.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task Hundreds_of_large_bodies_at_once_stay_within_the_budget_and_all_are_stored()
    {
        await using var ingress = await IngressDriver.StartAsync(_directory.Path, new()
        {
            ["Webhooks:MaxBytesInFlight"] = "4194304",
            ["Webhooks:MaxWait"] = "00:00:20",
        });
        var bodies = Enumerable.Range(0, 200).Select(i =>
        {
            var body = new byte[200_000];
            new Random(i).NextBytes(body);
            return body;
        }).ToList();
        var least = long.MaxValue;
        using var done = new CancellationTokenSource();
        var watch = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                least = Math.Min(least, ingress.Bodies.Free);
                await Task.Yield();
            }
        });
        var answers = await Task.WhenAll(bodies.Select(ingress.PostAsync));
        await done.CancelAsync();
        await watch;

        Assert.All(answers, status => Assert.Equal(200, status));
        Assert.InRange(least, 0, 4 << 20);
        Assert.Equal(4 << 20, ingress.Bodies.Free);
        Assert.Equal(bodies.Select(Convert.ToHexString).Order(), ingress.StoredBodies().Select(Convert.ToHexString).Order());
    }

    [Fact]
    public async Task A_request_that_finds_no_memory_is_503()
    {
        using var mayFlush = new ManualResetEventSlim(true);
        await using var ingress = await IngressDriver.StartAsync(_directory.Path, new()
        {
            ["Webhooks:MaxBodyBytes"] = "1000",
            ["Webhooks:MaxBytesInFlight"] = "1000",
            ["Webhooks:MaxWait"] = "00:00:00.2",
        });
        ingress.Files.BeforeFlush = mayFlush.Wait;
        mayFlush.Reset();
        var first = ingress.PostAsync(new byte[1000]);
        await IngressDriver.UntilAsync(() => ingress.Bodies.Free == 0);
        var (status, reason, _) = await ingress.SendAsync(IngressDriver.Signed(new byte[10]));
        mayFlush.Set();
        Assert.Equal((503, "busy"), (status, reason));
        Assert.Equal(200, await first);
        Assert.Equal(1000, ingress.Bodies.Free);
    }

    [Fact]
    public async Task No_log_at_any_level_holds_a_body_a_secret_or_a_signature()
    {
        const string marker = "PayeeNeverInALog";
        await using var ingress = await IngressDriver.StartAsync(_directory.Path);
        var failures = 0;
        ingress.Publisher.Behaviour = (_, _) => Interlocked.Increment(ref failures) < 3 ? throw new IOException("The broker is away.") : Task.CompletedTask;

        using var good = IngressDriver.Signed(Encoding.UTF8.GetBytes($"{{\"type\":\"transactions.synced\",\"data\":{{\"new\":[{{\"description\":\"{marker}\"}}]}}}}"));
        using var broken = IngressDriver.Signed(Encoding.UTF8.GetBytes($"{{\"{marker}"));
        using var wrong = IngressDriver.Signed(Encoding.UTF8.GetBytes(marker), secret: "another");
        var signatures = new[] { good, broken, wrong }.Select(request => request.Headers.GetValues(WebhookHeaders.Signature).Single()["sha256=".Length..]).ToList();
        Assert.Equal(200, (await ingress.SendAsync(good)).Status);
        Assert.Equal(200, (await ingress.SendAsync(broken)).Status);
        Assert.Equal(401, (await ingress.SendAsync(wrong)).Status);
        await IngressDriver.UntilAsync(() => ingress.Publisher.Published.Count == 2);

        Assert.Contains(ingress.Logs.All, line => line.Contains("signature_mismatch", StringComparison.Ordinal));
        Assert.Contains(ingress.Logs.All, line => line.Contains("The broker is away", StringComparison.Ordinal));
        foreach (var never in (string[])[marker, IngressDriver.Secret, .. signatures])
            Assert.DoesNotContain(ingress.Logs.All, line => line.Contains(never, StringComparison.OrdinalIgnoreCase));
    }
}
