using System.Net.Http.Headers;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Distributed;

/// <summary>Separate processes over RabbitMQ and PostgreSQL, several of each at once.</summary>
public sealed class SeveralHostsTests
{
    [Fact]
    public async Task Two_ingresses_and_two_workers_share_the_work_and_apply_each_delivery_once()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var stack = new DistributedStack(database.ConnectionString, broker.ConnectionString, workers: 2);
        await using var second = new DistributedStack(database.ConnectionString, broker.ConnectionString, workers: 0);
        await Task.WhenAll(stack.StartAsync(), second.StartAsync());

        // Both ingresses receive every delivery, as when a proxy repeats a request that it thought lost.
        for (var number = 1; number <= 200; number += 20)
        {
            await Task.WhenAll(Enumerable.Range(number, 20).SelectMany(n => (Task[])[stack.Sender.SendAsync(n), second.Sender.SendAsync(n)]));
        }

        Assert.Equal(200, stack.Sender.Accepted.Count);
        await LedgerReader.HoldsExactlyAsync(database.ConnectionString, stack.Sender, () => stack.Output);
        await Eventually.EqualsAsync(
            400L, () => LedgerReader.AskAsync<long>(database.ConnectionString, "SELECT count(*) FROM ledger.deliveries"), () => stack.Output);
        Assert.Equal(200L, await LedgerReader.AskAsync<long>(database.ConnectionString, "SELECT count(*) FROM ledger.deliveries WHERE status = 'duplicate'"));

        using var api = new HttpClient
        {
            BaseAddress = stack.Workers[1].Address,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", DistributedStack.Token) },
        };
        var account = Assert.Single(await api.ListAsync("/api/v1/accounts"));
        Assert.Equal(("400", Sender.Account), (account.Text("transactionCount"), account.Text("externalId")));
    }
}
