using System.Globalization;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.EndToEnd.Tests.Distributed;

/// <summary>Jobs of separate workers, run now through the API, against the three simulated providers.</summary>
public sealed class ProofTests
{
    private static readonly string[] Polls = ["poll-balances-redbark", "poll-balances-revolut", "poll-balances-tokenio"];

    [Fact]
    public async Task A_lost_chunk_is_found_and_healed_and_three_providers_prove_every_account()
    {
        await using var bank = await BankedStack.StartAsync();
        await bank.SyncAsync(new SyncFaults { Chunk = 2, Drop = true });
        await SucceedAsync(bank, ["sync-accounts", .. Polls, "reconcile"]);
        var before = await bank.ProofsAsync();
        Assert.Equal(6, before.Count(proof => proof.Symbol is null));
        Assert.All(before.Where(proof => proof.Symbol is null), proof => Assert.Equal("settling", proof.Status));

        var healing = await bank.RunAsync("heal-gaps");

        Assert.Equal(("succeeded", "1 gap found; 1 gap healed: 400 rows of 3 accounts"), (healing.Outcome, healing.Said));
        Assert.All((await bank.ProofsAsync()).Where(proof => proof.Symbol is null), proof => Assert.True(proof.IsProved, proof.ToString()));

        // One count of securities makes their opening, the next proves it.
        await SucceedAsync(bank, [.. Polls, "reconcile"]);
        var after = await bank.ProofsAsync();
        Assert.All(after, proof => Assert.True(proof.IsProved, proof.ToString()));
        Assert.Equal(["redbark", "redbark", "redbark", "revolut", "revolut", "tokenio"], after.Where(proof => proof.Symbol is null).Select(proof => proof.Provider).Order());
        Assert.Equal(
            bank.Redbark.Bank.Accounts.Where(account => account.IsBrokerage).SelectMany(account => bank.Redbark.Bank.Holdings(account.Id)).Select(holding => holding.Symbol).Order(),
            after.Where(proof => proof.Symbol is not null).Select(proof => proof.Symbol).Order());
        Assert.Equal(BankTotals(bank), await LedgerTotalsAsync(bank));
        Assert.Equal("no gap", (await bank.RunAsync("heal-gaps")).Said);
    }

    [Fact]
    public async Task A_null_balance_and_HTML_are_told_where_they_happened_and_cost_no_other_account_its_proof()
    {
        await using var bank = await BankedStack.StartAsync();
        var yen = bank.Redbark.Bank.Accounts[2];
        await bank.SyncAsync();
        bank.Redbark.RestFaults.NullBalancesOf = [yen.Id];
        // The first account's call, and its one repetition.
        bank.Redbark.Revolut!.Faults.Next.Add(RevolutFailure.BadGateway, calls: 2, endpoint: "balances");

        await SucceedAsync(bank, ["sync-accounts", .. Polls, "reconcile"]);

        var proofs = (await bank.ProofsAsync()).Where(proof => proof.Symbol is null).ToList();
        Assert.Equal(4, proofs.Count(proof => proof.IsProved));
        Assert.Equal(("redbark", "unknown", "null_balance"), Of(proofs.Single(proof => proof.Currency == yen.Currency)));
        var unread = proofs.Single(proof => !proof.IsProved && proof.Currency != yen.Currency);
        Assert.Equal(("revolut", "unknown"), (unread.Provider, unread.Status));
        Assert.Contains(await ErrorsAsync(bank), error => error.StartsWith("redbark no_usable_balance", StringComparison.Ordinal));
        Assert.Contains(await ErrorsAsync(bank), error => error.StartsWith("revolut transient", StringComparison.Ordinal) && error.Contains("502", StringComparison.Ordinal));
        Assert.Equal(2, (await ErrorsAsync(bank)).Count);

        // 200, but a page for people: the whole answer is lost, and what was read before stays.
        bank.Redbark.RestFaults.NullBalancesOf = [];
        bank.Redbark.RestFaults.Spoil(BodyFault.Html, "/v1/balances");
        var html = await bank.RunAsync("poll-balances-redbark");
        await SucceedAsync(bank, ["poll-balances-revolut", "poll-balances-tokenio", "reconcile"]);

        Assert.Equal("1 account read, 3 failed", html.Said);
        Assert.Equal(3, (await ErrorsAsync(bank)).Count);
        Assert.All(await ErrorsAsync(bank), error => Assert.StartsWith("redbark protocol the answer is not JSON", error, StringComparison.Ordinal));
        Assert.All((await bank.ProofsAsync()).Where(proof => proof.Symbol is null && proof.Currency != yen.Currency), proof => Assert.True(proof.IsProved, proof.ToString()));

        await SucceedAsync(bank, ["poll-balances-redbark", "reconcile"]);
        Assert.All(await bank.ProofsAsync(), proof => Assert.True(proof.IsProved, proof.ToString()));
        Assert.Empty(await ErrorsAsync(bank));
    }

    private static (string?, string, string?) Of(Redbark.Sync.Standalone.Proofs.Proof proof) => (proof.Provider, proof.Status, proof.Cause);

    private static async Task SucceedAsync(BankedStack bank, string[] jobs)
    {
        foreach (var job in jobs)
        {
            var end = await bank.RunAsync(job);
            Assert.True(end.Succeeded, $"{end}\n{bank.Output}");
        }
    }

    private static async Task<List<string>> ErrorsAsync(BankedStack bank) =>
        await bank.Api.ListAsync("/api/v1/balances?limit=1000", CancellationToken.None)
            .Where(balance => balance.Text("error") is not null)
            .Select(balance => $"{balance.Text("provider")} {balance.Text("errorFault")} {balance.Text("error")}").Order().ToListAsync();

    private static async Task<Dictionary<string, decimal>> LedgerTotalsAsync(BankedStack bank) =>
        await bank.Api.ListAsync("/api/v1/accounts?limit=1000", CancellationToken.None).ToDictionaryAsync(
            account => account.Text("externalId")!, account => decimal.Parse(account.Text("ledgerBalance") ?? "0", CultureInfo.InvariantCulture));

    private static Dictionary<string, decimal> BankTotals(BankedStack bank) =>
        bank.Redbark.Bank.Accounts.ToDictionary(
            account => account.Id.ToString(),
            account => bank.Redbark.Bank.Balances().FirstOrDefault(balance => balance.Account == account)?.PostedTotalMoney.Amount ?? 0);
}
