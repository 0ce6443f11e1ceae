using Npgsql;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

/// <summary>Reads the ledger's tables, while its server may be going down and up.</summary>
internal static class LedgerReader
{
    /// <summary>One value, or the type's default while the database does not answer.</summary>
    public static async Task<T?> AskAsync<T>(string connectionString, string sql)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync() is T value ? value : default;
        }
        catch (NpgsqlException)
        {
            return default;
        }
    }

    /// <summary>Waits until every accepted delivery is in the ledger, then checks that each is there exactly once and whole.</summary>
    public static Task HoldsExactlyAsync(string connectionString, Sender sender, Func<string> evidence) =>
        HoldsExactlyAsync(connectionString, sender, () => Task.FromResult(evidence()));

    /// <summary>The same, with evidence that has to be asked for.</summary>
    public static async Task HoldsExactlyAsync(string connectionString, Sender sender, Func<Task<string>> evidence)
    {
        var accepted = sender.Accepted;
        var expected = accepted.SelectMany(Sender.RowsOf).ToHashSet();
        // However long it takes on a busy machine: it must go on.
        for (var held = new List<string>(); !expected.IsSubsetOf(held);)
        {
            var before = held.Count;
            await Eventually.HoldsAsync(
                async () => (held = await RowsAsync(connectionString)).Count > before, $"more than {before} rows of {accepted.Count} accepted deliveries are in the ledger",
                async () => $"{expected.Except(held).Count()} are missing: {string.Join(", ", expected.Except(held).Take(20))}\n{await evidence()}");
        }

        // A delivery whose 200 was lost may be there too, but then whole.
        var rows = await RowsAsync(connectionString);
        Assert.Equal(rows.Count, rows.Distinct().Count());
        foreach (var number in rows.Select(row => int.Parse(row.Split('-')[1])).Distinct())
            Assert.All(Sender.RowsOf(number), id => Assert.Contains(id, rows));

        var sum = await AskAsync<decimal>(connectionString, "SELECT sum(amount) FROM ledger.transactions");
        Assert.Equal(rows.Sum(row => -int.Parse(row.Split('-')[1]) - (row.EndsWith('b') ? 0.01m : 0)), sum);
        Assert.Equal(0L, await AskAsync<long>(connectionString, "SELECT count(*) FROM ledger.transaction_revisions"));
        Assert.Equal(0L, await AskAsync<long>(connectionString, "SELECT count(*) FROM ledger.deliveries WHERE status NOT IN ('applied', 'duplicate')"));
    }

    private static async Task<List<string>> RowsAsync(string connectionString) =>
        [.. await AskAsync<string[]>(connectionString, "SELECT coalesce(array_agg(external_id), '{}') FROM ledger.transactions") ?? []];
}
