using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Export;
using Redbark.Sync.Worker.Tests.Export.Support;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Export;

/// <summary>Which two rows are one transfer.</summary>
public sealed class TransferTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private WorkerUnderTest _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Only_two_exact_opposites_of_one_day_and_currency_in_two_accounts_that_nothing_else_could_be()
    {
        await _worker.ApplyAsync(Sent.Transactions(
            Row("sure-out", "a", -1000, "2026-11-02"), Row("sure-in", "b", 1000, "2026-11-02"),
            Row("day-out", "a", -1100, "2026-11-02"), Row("day-in", "b", 1100, "2026-11-03"),
            Row("cent-out", "a", -1200, "2026-11-02"), Row("cent-in", "b", 1201, "2026-11-02"),
            Row("same-out", "a", -1300, "2026-11-02"), Row("same-in", "a", 1300, "2026-11-02"),
            Row("money-out", "a", -1400, "2026-11-02"), Row("money-in", "b", 1400, "2026-11-02") with { Currency = "nzd" },
            Row("two-out", "a", -1500, "2026-11-02"), Row("two-in", "b", 1500, "2026-11-02"), Row("two-more", "c", 1500, "2026-11-02"),
            Row("both-out", "a", -1600, "2026-11-02"), Row("both-out-too", "b", -1600, "2026-11-02"),
            Row("zero-out", "a", 0, "2026-11-02"), Row("zero-in", "b", 0, "2026-11-02"),
            Row("wait-out", "a", -1700, "2026-11-02") with { Status = "pending" }, Row("wait-in", "b", 1700, "2026-11-02")));

        using var exported = await Exported.CreateAsync(_worker, new ExportRequest(ExportFormat.Hledger));
        await exported.AssertValidAsync();
        Assert.Contains("    Assets:A    -10.00 AUD\n    ; id: sure-out\n", exported.Text);
        var transfers = exported.Text.Split("\n\n").Where(entry => entry.Split("; id: ").Length > 2).ToList();
        Assert.Contains("sure-in", Assert.Single(transfers));
        Assert.Equal(1, exported.Text.Split("; id: sure-in\n").Length - 1);
        Assert.Equal(18, exported.Text.Split("; id: ").Length - 1);
    }

    [Fact]
    public async Task A_transfer_is_one_entry_in_the_export_of_either_account()
    {
        await _worker.ApplyAsync(Sent.Transactions(Row("out", "a", -1000, "2026-11-02"), Row("in", "b", 1000, "2026-11-02")));
        foreach (var account in await _worker.QueryAsync("SELECT id FROM ledger.accounts", row => row.GetInt64(0)))
        {
            using var exported = await Exported.CreateAsync(_worker, new ExportRequest(ExportFormat.Beancount, AccountId: account));
            await exported.AssertValidAsync();
            Assert.Equal(1, await exported.EntriesAsync());
            Assert.Contains("Assets:A  -10.00 AUD\n", exported.Text);
            Assert.Contains("Assets:B  10.00 AUD\n", exported.Text);
            Assert.Single((await Exported.TextAsync(_worker, new ExportRequest(ExportFormat.Csv, AccountId: account))).Split('\n'), line => line.StartsWith("transaction,", StringComparison.Ordinal));
        }
    }

    private static Wire.WireTransaction Row(string id, string account, long amount, string day) => Sent.Transaction(id, account, amount) with
    {
        AccountName = account.ToUpperInvariant(), LocalDate = day, TransactionDate = null, PostDate = day, Currency = "aud",
    };
}
