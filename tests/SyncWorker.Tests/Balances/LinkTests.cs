using Microsoft.Extensions.Configuration;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Balances;

public sealed class LinkTests
{
    [Fact]
    public async Task A_redbark_account_proves_the_ledger_account_of_its_id_also_when_that_comes_later()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var account = Sent.Account();
        stage.Redbark.Has("main", account);
        stage.Redbark.Answers(account, 1m);
        await stage.RunAsync("poll-balances-redbark");
        Assert.Equal([null], await LinksAsync(stage));

        await stage.Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("t", account)));
        await stage.RunAsync("poll-balances-redbark");

        // With it goes what was read before.
        var id = await stage.LedgerAccountAsync(account);
        Assert.Equal([id], await LinksAsync(stage));
        Assert.Equal([id, id], await OfBalancesAsync(stage));
    }

    [Fact]
    public async Task Another_providers_account_proves_what_the_settings_name_by_either_id()
    {
        var (byId, publicId) = (Sent.Account(), $"acct_{Guid.NewGuid():n}");
        await using var stage = await BalanceStage.OpenAsync(
            new BalanceLink("revolut", "main", "r1", byId), new BalanceLink("revolut", "main", "r2", publicId), new BalanceLink("tokenio", "main", "r3", byId),
            new BalanceLink("revolut", "main", "r4", Sent.Account()), new BalanceLink("revolut", "other", "r3", byId));
        await stage.Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("t", byId), Sent.Transaction("u", byId) with { AccountId = null, AccountPublicId = publicId }));
        stage.Revolut.Has("main", "r1", "r2", "r3", "r4");
        foreach (var account in (string[])["r1", "r2", "r3", "r4"])
            stage.Revolut.Answers(account, 1m);
        await stage.RunAsync("poll-balances-revolut");

        var ledgerAccount = await stage.LedgerAccountAsync(byId);
        var other = await stage.Worker.ScalarAsync<long>("SELECT id FROM ledger.accounts WHERE public_id = $1", publicId);
        Assert.Equal([ledgerAccount, other, null, null], await LinksAsync(stage)); // r4 names none that is in the ledger: polled, not linked.
        Assert.Equal(["r1 1", "r2 1", "r3 1", "r4 1"], await stage.BalancesAsync());

        // Changed settings move what was read too, and both accounts are proved anew.
        await stage.Worker.ExecuteAsync("DELETE FROM ledger.account_changes");
        await stage.RunAsync("poll-balances-revolut", stage.Another(new BalanceLink("revolut", "main", "r1", publicId)));
        Assert.Equal([other, null, null, null], await LinksAsync(stage));
        var changed = (await stage.Worker.QueryAsync("SELECT account_ids FROM ledger.account_changes ORDER BY id", row => row.GetFieldValue<long[]>(0)))[0];
        Assert.Equal(new[] { ledgerAccount, other }.Order(), changed.Order());
    }

    [Fact]
    public async Task Accounts_that_turn_out_to_be_one_take_their_balances_along()
    {
        var (id, publicId) = (Sent.Account(), $"acct_{Guid.NewGuid():n}");
        await using var stage = await BalanceStage.OpenAsync(new BalanceLink("revolut", "main", "r", publicId));
        await stage.Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("t", id), Sent.Transaction("u", id) with { AccountId = null, AccountPublicId = publicId }));
        stage.Redbark.Has("main", id);
        stage.Redbark.Says(new ConnectionListing("broker", null, "active", [stage.Redbark.Account("s", "broker", isBrokerage: true)]));
        stage.Redbark.Holdings["s"] = [new Holding("X", null, 1m, null, null, null, null, "{}")];
        stage.Redbark.Answers(id, 1m);
        stage.Revolut.Has("main", "r");
        stage.Revolut.Answers("r", 1m);
        await stage.RunAsync("poll-balances-redbark");
        await stage.RunAsync("poll-balances-revolut");
        await stage.Worker.ExecuteAsync("UPDATE ledger.holdings SET account_id = (SELECT max(id) FROM ledger.accounts)"); // Of whichever is merged.
        Assert.Equal(2, (await OfBalancesAsync(stage)).Distinct().Count());

        await stage.Worker.ApplyAsync(Sent.Transactions(Sent.Transaction("v", id) with { AccountPublicId = publicId }));

        var kept = await stage.Worker.ScalarAsync<long>("SELECT id FROM ledger.accounts");
        Assert.Equal([kept, kept], await OfBalancesAsync(stage));
        Assert.Equal(kept, await stage.Worker.ScalarAsync<long>("SELECT account_id FROM ledger.holdings"));
        Assert.Equal([kept, kept], (await LinksAsync(stage)).Where(link => link is not null));
        await stage.RunAsync("poll-balances-revolut");
        Assert.Equal([kept, kept], (await LinksAsync(stage)).Where(link => link is not null));
    }

    [Fact]
    public void Links_are_read_from_the_consents_of_both_providers()
    {
        var id = Guid.NewGuid();
        var options = Read(
            ("Revolut:Consents:main:Links:8bb4a5e4", id.ToString().ToUpperInvariant()), ("Revolut:Consents:main:RefreshToken", "x"), ("TokenIo:Consents:bank:Links:a:123:b", "acct_9"),
            ("Balances:StaleAfter", "12:00:00"));

        Assert.Empty(options.Problems);
        Assert.Equal(TimeSpan.FromHours(12), options.StaleAfter);
        Assert.Contains(new BalanceLink("revolut", "main", "8bb4a5e4", id.ToString()), options.Links);
        Assert.Contains(new BalanceLink("tokenio", "bank", "a:123:b", "acct_9"), options.Links);
        Assert.Equal(2, options.Links.Count);
    }

    [Theory]
    [InlineData("Revolut:Consents:main:Links:8bb4", "42", "Revolut:Consents:main:Links:8bb4: expected the account's id in Redbark (a UUID, or 'acct_…'), found '42'.")]
    [InlineData("TokenIo:Consents:main:Links:8bb4", "acct_", "TokenIo:Consents:main:Links:8bb4: expected the account's id in Redbark (a UUID, or 'acct_…'), found 'acct_'.")]
    [InlineData("Revolut:Consents:main:Links:8bb4", "", "Revolut:Consents:main:Links:8bb4: expected the account's id in Redbark (a UUID, or 'acct_…'), found nothing.")]
    [InlineData("Balances:StaleAfter", "soon", "Balances:StaleAfter: expected a time span such as '1.02:00:00', found 'soon'.")]
    [InlineData("Balances:ConsentNotice", "a fortnight", "Balances:ConsentNotice: expected a time span such as '14.00:00:00', found 'a fortnight'.")]
    [InlineData("Balances:ConsentNotice", "10000000", "Balances:ConsentNotice: expected a time span such as '14.00:00:00', found '10000000'.")]
    [InlineData("Balances:StaleAfter", "-1", "Balances:StaleAfter: expected a time span such as '1.02:00:00', found '-1'.")]
    public void A_setting_that_cannot_be_used_is_named_with_what_is_expected(string key, string value, string problem) =>
        Assert.Equal([problem], new BalanceOptionsValidator().Validate(null, Read((key, value))).Failures);

    private static BalanceOptions Read(params (string Key, string Value)[] settings)
    {
        var options = new BalanceOptions();
        BalanceOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        return options;
    }

    private static Task<List<long?>> LinksAsync(BalanceStage stage) =>
        stage.Worker.QueryAsync("SELECT account_id FROM ledger.provider_accounts ORDER BY external_id", row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0));

    private static Task<List<long?>> OfBalancesAsync(BalanceStage stage) =>
        stage.Worker.QueryAsync("SELECT account_id FROM ledger.balances ORDER BY id", row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0));
}
