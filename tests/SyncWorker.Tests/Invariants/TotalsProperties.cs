using FsCheck;
using FsCheck.Fluent;
using Npgsql;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Invariants;

/// <summary>What is kept of each account's sums is what its rows come to, whoever changes what, and in which order.</summary>
public sealed class TotalsProperties(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private const string Differences = """
        SELECT coalesce(k.account_id, s.account_id) || ' ' || coalesce(k.currency, s.currency) || ' ' || coalesce(k.status, s.status) || ' ' || coalesce(k.month, s.month)
            || ': kept ' || coalesce(k.rows || ' rows of ' || k.amount, 'nothing') || ', are ' || coalesce(s.rows || ' rows of ' || s.amount, 'none')
        FROM ledger.entry_totals k
        FULL JOIN (SELECT account_id, currency, effective_status AS status, date_trunc('month', booked_on::timestamp)::date AS month, sum(amount) AS amount, count(*) AS rows
                   FROM ledger.entries GROUP BY 1, 2, 3, 4) s USING (account_id, currency, status, month)
        WHERE (k.amount, k.rows) IS DISTINCT FROM (s.amount, s.rows)
        """;

    private WorkerUnderTest Worker => fixture.Worker;

    [Fact]
    public void After_any_changes_what_is_kept_is_the_sum_of_the_rows()
    {
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, int.MaxValue)).ToArbitrary(), seeds => Task.Run(() => CheckAsync(seeds)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

        async Task CheckAsync(IEnumerable<int> seeds)
        {
            await using var connection = await Worker.Database.OpenConnectionAsync();
            foreach (var seed in seeds)
                await ChangeAsync(connection, new Random(seed));
            Assert.Equal([], await DifferencesAsync());
        }
    }

    [Fact]
    public async Task Many_who_change_rows_and_their_settlements_at_once_leave_exact_sums()
    {
        var deadlocks = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (writer, cancellation) =>
        {
            var random = new Random(writer);
            await using var connection = await Worker.Database.OpenConnectionAsync(cancellation);
            // These statements meet in any order, which those of the worker do not: to find out takes a second each time otherwise.
            await using (var impatient = new NpgsqlCommand("SET deadlock_timeout = '20ms'", connection))
                await impatient.ExecuteNonQueryAsync(cancellation);
            for (var i = 0; i < 80; i++)
            {
                try
                {
                    await ChangeAsync(connection, random);
                }
                catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation)
                {
                    Interlocked.Increment(ref deadlocks);
                }
            }
        });
        Assert.Equal([], await DifferencesAsync());
        Assert.InRange(deadlocks, 0, 400);
        await Worker.ExecuteAsync("SELECT ledger.rebuild_totals()");
        Assert.Equal([], await DifferencesAsync());
    }

    [Fact]
    public void Deliveries_at_once_and_what_is_settled_meanwhile_leave_exact_sums() =>
        Prop.ForAll(History.Arbitrary(), history => Task.Run(() => ApplyAsync(history)).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public async Task A_ledger_that_is_emptied_has_no_sums()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        await using var worker = new WorkerUnderTest(database.ConnectionString);
        await worker.ApplyAsync(Sent.Transactions(Sent.Transaction("a", Sent.Account()), Sent.Transaction("b", Sent.Account())));
        Assert.Equal(2, await worker.ScalarAsync<long>("SELECT sum(rows)::bigint FROM ledger.entry_totals"));
        await worker.ExecuteAsync("TRUNCATE ledger.transactions");
        Assert.Equal(0, await worker.ScalarAsync<long>("SELECT count(*) FROM ledger.entry_totals"));
    }

    [Fact]
    public async Task What_deliveries_add_is_folded_once_the_accounts_are_kept()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        await using var worker = new WorkerUnderTest(database.ConnectionString);
        await worker.ApplyAsync(Sent.Transactions(Sent.Transaction("a", Sent.Account())));
        Assert.NotEqual(0, await worker.ScalarAsync<long>("SELECT count(*) FROM ledger.total_changes"));
        await worker.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<AccountKeeper>().Single().KeepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await worker.ScalarAsync<long>("SELECT count(*) FROM ledger.total_changes"));
        Assert.Equal(1, await worker.ScalarAsync<long>("SELECT rows FROM ledger.totals"));
    }

    private async Task ApplyAsync(History history)
    {
        var deliveries = history.Shuffled(history.Deliveries($"totals-{Guid.NewGuid():N}"));
        var keeper = Worker.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<AccountKeeper>().Single();
        await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (message, cancellation) =>
        {
            for (var done = false; !done;)
            {
                try
                {
                    await Worker.Ledger.ApplyAsync(message, cancellation);
                    await keeper.KeepAsync(cancellation);
                    done = true;
                }
                catch (Exception error) when (TransientFaults.IsTransient(error))
                {
                }
            }
        });
        Assert.Equal([], await DifferencesAsync());
    }

    private Task<List<string>> DifferencesAsync() => Worker.QueryAsync(Differences, reader => reader.GetString(0));

    /// <summary>A few statements, as anybody might write them, in a transaction that may be given up.</summary>
    private static async Task ChangeAsync(NpgsqlConnection connection, Random random)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        for (var statement = random.Next(1, 4); statement > 0; statement--)
        {
            await using var command = new NpgsqlCommand(Statement(random), connection, transaction);
            await command.ExecuteNonQueryAsync();
        }

        if (random.Next(5) > 0)
            await transaction.CommitAsync();
        else
            await transaction.RollbackAsync();
    }

    private static string Statement(Random random)
    {
        var (key, other, amount) = (random.Next(12), random.Next(12), random.Next(-9999, 9999));
        var kind = random.Next(3) switch { 0 => "'settled'", 1 => "'hold'", _ => "'expired'" };
        return random.Next(12) switch
        {
            0 or 1 or 2 or 3 => $"""
                INSERT INTO ledger.transactions AS t (account_id, external_id, status, amount, currency, currency_assumed, booked_on, observed_at, content_hash, revision, delivery_id, recorded_at)
                SELECT {random.Next(-3, 0)}, 'row-' || n, '{(random.Next(2) == 0 ? "pending" : "posted")}', {amount} / 100.0 + n, '{(random.Next(4) == 0 ? "JPY" : "AUD")}', false,
                    '2026-01-28'::date + {random.Next(90)}, now(), gen_random_uuid(), 1, gen_random_uuid(), now() FROM generate_series({Math.Min(key, other)}, {Math.Max(key, other)}) n
                ON CONFLICT (account_id, external_id) DO UPDATE SET amount = excluded.amount, status = excluded.status, booked_on = excluded.booked_on, content_hash = excluded.content_hash,
                    observed_at = excluded.observed_at, revision = t.revision + 1
                """,
            4 => $"UPDATE ledger.transactions SET observed_at = now() WHERE account_id < 0 AND external_id = 'row-{key}'",
            5 => $"UPDATE ledger.transactions t SET account_id = {random.Next(-3, 0)} WHERE external_id = 'row-{key}' AND account_id = {random.Next(-3, 0)} AND NOT EXISTS (SELECT FROM ledger.transactions o WHERE o.account_id <> t.account_id AND o.external_id = t.external_id AND o.account_id < 0)",
            6 => $"DELETE FROM ledger.transactions WHERE account_id < 0 AND external_id = 'row-{key}'",
            7 or 8 => $"""
                INSERT INTO ledger.settlements (row_id, account_id, by_id, kind, tier, decided_by, since)
                SELECT id, account_id, CASE WHEN {kind} = 'settled' THEN -id END, {kind}, CASE WHEN {kind} = 'settled' THEN 'exact' END, 'automatic', now()
                FROM ledger.transactions WHERE account_id < 0 AND external_id IN ('row-{key}', 'row-{other}') ON CONFLICT DO NOTHING
                """,
            9 => $"UPDATE ledger.settlements SET kind = 'expired', by_id = NULL, tier = NULL WHERE row_id IN (SELECT id FROM ledger.transactions WHERE account_id < 0 AND external_id = 'row-{key}')",
            10 => $"DELETE FROM ledger.settlements WHERE row_id IN (SELECT id FROM ledger.transactions WHERE account_id < 0 AND external_id IN ('row-{key}', 'row-{other}'))",
            _ => "SELECT ledger.fold_totals()",
        };
    }
}
