using System.Net.Sockets;
using System.Text;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Distributed;

/// <summary>Stops that are asked for (SIGTERM), while deliveries come in.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task An_ingress_that_stops_under_load_answers_what_it_took_and_publishes_what_it_answered()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var stack = new DistributedStack(database.ConnectionString, broker.ConnectionString);
        await stack.StartAsync();
        await stack.Sender.SendAsync(0);
        await LedgerReader.HoldsExactlyAsync(database.ConnectionString, stack.Sender, () => stack.Output);

        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 8).Select(_ => Task.Run(() => stack.Sender.SendUntilAsync(stop.Token))).ToList();
        await Eventually.HoldsAsync(() => Task.FromResult(stack.Sender.Accepted.Count >= 50), "deliveries come in", () => stack.Output);
        var exit = await stack.Ingress.StopAsync();
        await stop.CancelAsync();
        await Task.WhenAll(senders);

        Assert.Equal(0, exit);
        Assert.True(stack.Sender.Failures > 0, "Nothing was sent after the stop.");
        // It is not started again: what it answered 200 was through before it ended.
        await LedgerReader.HoldsExactlyAsync(database.ConnectionString, stack.Sender, () => stack.Output);
    }

    [Fact]
    public async Task A_request_whose_body_is_on_its_way_when_the_stop_comes_is_answered()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var stack = new DistributedStack(database.ConnectionString, broker.ConnectionString, environment: new() { ["Webhooks__ReadTimeout"] = "00:05:00" });
        await stack.StartAsync();

        // The worker's queues are there: nothing else holds a delivery back.
        await stack.Sender.SendAsync(2);
        await LedgerReader.HoldsExactlyAsync(database.ConnectionString, stack.Sender, () => stack.Output);

        // The server breaks off who sends less than 1 KiB a second on average: with this half it waits for minutes, however slow the machine is.
        var (head, body) = stack.Sender.Request(1, padding: 512 << 10);
        using var client = new TcpClient();
        await client.ConnectAsync(stack.Ingress.Address.Host, stack.Ingress.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(head);
        await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
        await stack.Sender.SendAsync(3);

        var stopping = stack.Ingress.StopAsync();
        await Eventually.HoldsAsync(() => RefusesAsync(stack.Ingress.Address), "the ingress takes no new connection", () => stack.Output);
        Assert.False(stopping.IsCompleted, "The ingress did not wait for the request.");
        await stream.WriteAsync(body.AsMemory(body.Length / 2));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync());
        Assert.Equal(0, await stopping);

        // It is not started again: what came while it stopped was published too.
        stack.Sender.WasAccepted(1);
        await LedgerReader.HoldsExactlyAsync(database.ConnectionString, stack.Sender, () => stack.Output);
    }

    [Fact]
    public async Task A_rolling_restart_of_two_ingresses_loses_no_delivery()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var first = new DistributedStack(database.ConnectionString, broker.ConnectionString);
        await using var second = new DistributedStack(database.ConnectionString, broker.ConnectionString, workers: 0);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        var sender = new Resender([first.Sender, second.Sender]);
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 6).Select(_ => Task.Run(() => sender.SendUntilAsync(stop.Token))).ToList();
        foreach (var stack in (DistributedStack[])[first, second])
        {
            var before = stack.Sender.Accepted.Count;
            await Eventually.HoldsAsync(() => Task.FromResult(stack.Sender.Accepted.Count > before + 50), "deliveries come in", () => stack.Output);
            Assert.Equal(0, await stack.Ingress.StopAsync());
            await stack.Ingress.StartAsync();
            var after = stack.Sender.Accepted.Count;
            await Eventually.HoldsAsync(() => Task.FromResult(stack.Sender.Accepted.Count > after + 20), "deliveries come in again", () => stack.Output);
        }

        await stop.CancelAsync();
        await Task.WhenAll(senders);

        Assert.Empty(sender.Lost);
        Assert.True(first.Sender.Failures > 0 && second.Sender.Failures > 0, "An ingress was never away.");
        var accepted = first.Sender.Accepted.Concat(second.Sender.Accepted).ToHashSet();
        Assert.Equal(Enumerable.Range(1, sender.Sent), accepted.Order());
        foreach (var number in second.Sender.Accepted)
            first.Sender.WasAccepted(number);
        await LedgerReader.HoldsExactlyAsync(database.ConnectionString, first.Sender, () => first.Output);
    }

    private static async Task<bool> RefusesAsync(Uri address)
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(address.Host, address.Port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
