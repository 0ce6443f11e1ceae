using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Invariants;

/// <summary>I6: history is append-only.</summary>
public sealed class HistoryTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private WorkerUnderTest Worker => fixture.Worker;

    [Fact]
    public async Task Each_applied_change_is_a_revision_that_names_its_delivery()
    {
        var account = Sent.Account();
        var messages = Enumerable.Range(1, 3).Select(hour => At(hour, Sent.Transaction("a", account, hour * 100))).ToList();

        foreach (var message in messages)
            await Worker.ApplyAsync(message);

        Assert.Equal(
            messages.Select((message, position) => (position + 1, position + 1m, message.Delivery.Id, position == 2)),
            await VersionsAsync(account));
    }

    [Fact]
    public async Task A_change_by_hand_is_kept_too_and_the_banks_next_word_wins()
    {
        var account = Sent.Account();
        await Worker.ApplyAsync(At(1, Sent.Transaction("a", account, 100)));

        await Worker.ExecuteAsync($"UPDATE ledger.transactions SET amount = 7 WHERE account_id = (SELECT id FROM ledger.accounts WHERE external_id = '{account}')");
        await Worker.ApplyAsync(At(2, Sent.Transaction("a", account, 100)));

        Assert.Equal([(1, 1m), (2, 7m), (3, 1m)], (await VersionsAsync(account)).Select(version => (version.Revision, version.Amount)));
    }

    [Fact]
    public async Task A_removed_row_leaves_its_last_version()
    {
        var account = Sent.Account();
        await Worker.ApplyAsync(At(1, Sent.Transaction("gone", account, 100)));

        await Worker.ExecuteAsync($"DELETE FROM ledger.transactions WHERE account_id = (SELECT id FROM ledger.accounts WHERE external_id = '{account}')");

        Assert.True(await Worker.ScalarAsync<bool>("SELECT removed FROM ledger.transaction_versions WHERE account_id = (SELECT id FROM ledger.accounts WHERE external_id = $1)", account));
    }

    [Theory]
    [InlineData("UPDATE ledger.transaction_revisions SET amount = 0")]
    [InlineData("DELETE FROM ledger.transaction_revisions")]
    public async Task A_version_can_be_neither_changed_nor_removed(string sql)
    {
        var account = Sent.Account();
        await Worker.ApplyAsync(At(1, Sent.Transaction("a", account, 100)));
        await Worker.ApplyAsync(At(2, Sent.Transaction("a", account, 200)));

        var error = await Assert.ThrowsAsync<PostgresException>(() => Worker.ExecuteAsync(sql));

        Assert.Contains("keeps history", error.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_with_rows_cannot_be_removed()
    {
        var account = Sent.Account();
        await Worker.ApplyAsync(At(1, Sent.Transaction("a", account)));

        await Assert.ThrowsAsync<PostgresException>(() => Worker.ExecuteAsync($"DELETE FROM ledger.accounts WHERE external_id = '{account}'"));
    }

    private Task<List<(int Revision, decimal Amount, Guid Delivery, bool Current)>> VersionsAsync(string account) => Worker.QueryAsync(
        "SELECT revision, amount, delivery_id, superseded_at IS NULL FROM ledger.transaction_versions WHERE account_id = (SELECT id FROM ledger.accounts WHERE external_id = $1) ORDER BY revision",
        row => (row.GetInt32(0), row.GetDecimal(1), row.GetGuid(2), row.GetBoolean(3)), account);

    private static IDelivered At(int hour, params IWireRow[] rows) =>
        Sent.Body(Sent.Write(EventTypes.TransactionsSynced, rows, created: Sent.Today.AddHours(hour - 10)));
}
