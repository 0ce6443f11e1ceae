using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Worker.Tests.Gaps;

public sealed class LostTradeTests : IAsyncLifetime
{
    private readonly HealingStage _stage = new() { Bank = new BankOptions { Accounts = 1, PendingRows = 0, Trades = 12, Rows = 20 } };

    public ValueTask InitializeAsync() => _stage.StartAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_lost_trade_is_known_by_the_holdings_and_healed()
    {
        await _stage.Redbark.RunAsync();
        await _stage.PassAsync(days: 4);
        Assert.DoesNotContain("drift", await _stage.ProveAsync(), StringComparison.Ordinal);
        var lost = Trade();
        await _stage.Redbark.RunAsync(new SyncFaults { Drop = true });
        await _stage.PassAsync(days: 8);
        Assert.Contains("1 drift", await _stage.ProveAsync(), StringComparison.Ordinal);
        Assert.Equal(lost.Symbol, await _stage.Worker.ScalarAsync<string>("SELECT subject FROM ledger.reconciliations WHERE status = 'drift'"));

        Assert.Equal("1 gap found; 1 gap healed: 1 row of 1 account", await _stage.HealAsync());

        Assert.DoesNotContain("drift", await _stage.ProveAsync(), StringComparison.Ordinal);
        Assert.Equal(13, await _stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.trades"));
    }

    [Fact]
    public async Task A_plan_without_brokerage_says_so_at_the_gap()
    {
        await _stage.Redbark.RunAsync();
        await _stage.PassAsync(days: 4);
        Trade();
        await _stage.Redbark.RunAsync(new SyncFaults { Drop = true });
        await _stage.PassAsync(days: 8);
        _stage.Redbark.RestFaults.ProfessionalRequired = true;

        Assert.Matches("^1 gap found; 1 open; .*(P|p)rofessional", await _stage.HealAsync());
        Assert.Equal("failed", await _stage.Worker.ScalarAsync<string>("SELECT state FROM ledger.gaps"));
    }

    private BankTrade Trade()
    {
        var bank = _stage.Redbark.Bank;
        return bank.Post(bank.Trades[0] with { Id = "today", Type = "buy", TradeDate = bank.Today, SettlementDate = bank.Today.AddDays(2) });
    }
}
