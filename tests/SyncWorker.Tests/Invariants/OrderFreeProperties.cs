using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Invariants;

/// <summary>I2 to I5 over generated histories, against <see cref="LedgerModel"/>. A failure prints its seed and the smallest history found.</summary>
public sealed class OrderFreeProperties(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private static int _tags;

    private WorkerUnderTest Worker => fixture.Worker;

    [Fact]
    public void Any_order_of_the_same_deliveries_gives_the_same_ledger() => ForAll(40, async history =>
    {
        var (inOrder, shuffled) = (Tag(), Tag());
        var deliveries = history.Deliveries(inOrder);
        var others = history.Deliveries(shuffled);

        foreach (var message in deliveries)
            await Worker.ApplyAsync(message);
        foreach (var message in history.Shuffled(others))
            await Worker.ApplyAsync(message);

        await AgreesAsync(inOrder, deliveries);
        await AgreesAsync(shuffled, others);
    });

    [Fact]
    public void Four_appliers_at_once_give_the_same_ledger() => ForAll(40, async history =>
    {
        var tag = Tag();
        var deliveries = history.Deliveries(tag);

        await Parallel.ForEachAsync(history.Shuffled(deliveries), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (message, cancellation) => await Worker.Ledger.ApplyAsync(message, cancellation));

        await AgreesAsync(tag, deliveries);
    });

    [Fact]
    public void Rows_cut_into_other_chunks_give_the_same_ledger() => ForAll(20, async history =>
    {
        var tag = Tag();
        var rechunked = history.Rechunked();
        var deliveries = rechunked.Deliveries(tag);

        foreach (var message in rechunked.Shuffled(deliveries))
            await Worker.ApplyAsync(message);

        await AgreesAsync(tag, deliveries);
    });

    [Fact]
    public void The_next_day_changes_nothing() => ForAll(20, async history =>
    {
        var tag = Tag();
        foreach (var message in history.Deliveries(tag))
            await Worker.ApplyAsync(message);
        var before = await RowsAsync(tag);

        foreach (var message in history.Shuffled(history.Deliveries(tag)))
            await Worker.ApplyAsync(Sent.Again(message, message.Delivery.ReceivedAt.AddDays(1)));

        Assert.Equal(before, await RowsAsync(tag));
    });

    private async Task AgreesAsync(string tag, List<IDelivered> deliveries)
    {
        Assert.Equal(LedgerModel.Of(deliveries), await LedgerSnapshot.OfAsync(Worker, tag));

        // I4: every row of every delivery is counted, and what is counted as quarantined lies there.
        var counted = await Worker.QueryAsync("SELECT id, rows, applied + unchanged + quarantined + ignored FROM ledger.deliveries WHERE feed = $1",
            row => (Id: row.GetGuid(0), Rows: row.GetInt32(1), Sum: row.GetInt32(2)), tag);
        Assert.Equal(
            deliveries.Select(message => (message.Delivery.Id, RowsOf(message), RowsOf(message))).Order(),
            counted.Order());
        Assert.Equal(
            await Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.quarantine q JOIN ledger.deliveries d ON d.id = delivery_id AND d.received_at = delivery_received_at WHERE feed = $1 AND state = 'open'", tag),
            await Worker.ScalarAsync<long>("SELECT coalesce(sum(quarantined), 0)::bigint FROM ledger.deliveries WHERE feed = $1", tag));
        Assert.Equal(0L, await Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.deliveries WHERE feed = $1 AND least(applied, unchanged, quarantined, ignored) < 0", tag));
    }

    // Revisions too, and everything but the deliveries' own times.
    private async Task<List<string>> RowsAsync(string tag) => [.. (await LedgerSnapshot.OfAsync(Worker, tag)).Where(line => !line.StartsWith("account ", StringComparison.Ordinal)),
        .. await Worker.QueryAsync("SELECT transaction_id || ' ' || revision FROM ledger.transaction_versions WHERE external_id LIKE $1 || '-%' ORDER BY 1", row => row.GetString(0), tag)];

    private static int RowsOf(IDelivered message) => message switch
    {
        TransactionsDelivered transactions => transactions.Rows.Count + transactions.Rejected.Count,
        TradesDelivered trades => trades.Rows.Count + trades.Rejected.Count,
        _ => 0,
    };

    private static string Tag() => $"t{Interlocked.Increment(ref _tags)}";

    // FsCheck runs its cases in turn on the test's thread.
    private static void ForAll(int cases, Func<History, Task> property) =>
        Prop.ForAll(History.Arbitrary(), history => Task.Run(() => property(history)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(cases));
}
