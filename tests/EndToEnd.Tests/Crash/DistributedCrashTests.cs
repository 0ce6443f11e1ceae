using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Crash;

/// <summary>kill -9 of one part of the distributed shape while deliveries come in; the moments are drawn from a seed that a failure prints.</summary>
public sealed class DistributedCrashTests
{
    private const int Crashes = 3;

    private readonly int _seed = Environment.TickCount;

    [Fact]
    public async Task Killing_the_ingress_loses_nothing_that_was_answered_200()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var stack = new DistributedStack(database.ConnectionString, broker.ConnectionString);
        await stack.StartAsync();
        await KillRepeatedlyAsync(stack, async () =>
        {
            await stack.Ingress.KillAsync();
            await stack.Ingress.StartAsync();
        });
        Assert.True(stack.Sender.Failures > 0, "The ingress was never away.");
    }

    [Fact]
    public async Task Killing_a_worker_loses_nothing_and_applies_nothing_twice()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var stack = new DistributedStack(database.ConnectionString, broker.ConnectionString, workers: 2);
        await stack.StartAsync();
        var next = 0;
        await KillRepeatedlyAsync(stack, async () =>
        {
            var worker = stack.Workers[next++ % 2];
            await worker.KillAsync();
            await worker.StartAsync();
        });
        Assert.Equal(0, stack.Sender.Failures);
    }

    [Fact]
    public async Task Killing_PostgreSQL_loses_nothing_and_refuses_nothing()
    {
        await using var postgres = await TestPostgres.StartAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var stack = new DistributedStack(postgres.ConnectionString("postgres"), broker.ConnectionString);
        await stack.StartAsync();
        await KillRepeatedlyAsync(stack, async () =>
        {
            await postgres.KillAsync();
            await postgres.RestartAsync();
        });
        Assert.Equal(0, stack.Sender.Failures);
    }

    [Fact]
    public async Task Killing_RabbitMQ_loses_nothing_and_refuses_nothing()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var rabbit = await RabbitMqServer.StartAsync();
        await using var stack = new DistributedStack(database.ConnectionString, rabbit.Address.Amqp.ToString());
        await stack.StartAsync();
        // A worker that cannot get at the broker again ends, to be started again.
        using var over = new CancellationTokenSource();
        var supervision = stack.Workers[0].KeepRunningAsync(over.Token);
        await KillRepeatedlyAsync(stack, async () =>
        {
            await rabbit.KillAsync();
            await rabbit.RestartAsync();
        }, async () => $"{await rabbit.Address.DescribeQueuesAsync()}\n{rabbit.Log}");
        await over.CancelAsync();
        await supervision;
        Assert.Equal(0, stack.Sender.Failures);
    }

    private async Task KillRepeatedlyAsync(DistributedStack stack, Func<Task> crash, Func<Task<string>>? evidence = null)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {_seed}");
        var random = new Random(_seed);

        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 4).Select(_ => Task.Run(() => stack.Sender.SendUntilAsync(stop.Token))).ToList();
        for (var i = 0; i < Crashes; i++)
        {
            await Task.Delay(random.Next(50, 600));
            await crash();
        }

        await Task.Delay(200);
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        await LedgerReader.HoldsExactlyAsync(stack.Database, stack.Sender, async () => $"seed {_seed}\n{(evidence is null ? "" : await evidence())}\n{stack.Output}");
    }
}
