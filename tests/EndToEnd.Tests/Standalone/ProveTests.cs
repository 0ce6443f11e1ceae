using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary><c>redbark-sync prove</c> against a running process and a simulated bank.</summary>
public sealed class ProveTests
{
    [Fact]
    public async Task A_process_that_does_not_run_is_told_from_books_that_differ()
    {
        var run = await CommandRun.StartAsync(
            new() { ["Api__Tokens__0"] = DistributedStack.Token, ["Urls"] = $"http://127.0.0.1:{FreePort.Next()}" }, "prove");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("is redbark-sync up running?", run.Output);
    }

    [Fact]
    public async Task Books_are_proved_then_differ_with_the_cause_and_a_provider_that_fails_is_told()
    {
        await using var redbark = SimulatedRedbark.Create(new SimulatorOptions
        {
            Bank = new BankOptions { Accounts = 1, Rows = 30, PendingRows = 0, Trades = 0, Behind = TimeSpan.FromHours(20) },
            Destination = new Destination { Url = new Uri("http://127.0.0.1/"), Secrets = [Sender.Secret] },
        });
        var account = redbark.Bank.Accounts[0];
        await using var process = new StandaloneProcess(
            ("Schedule__Enabled", "false"),
            ("Redbark__BaseUrl", (await redbark.StartRestAsync()).ToString()),
            ("Redbark__ApiKey", redbark.Options.Rest.ApiKey),
            ("Reconciliation__SettleWithin", "00:00:00"));
        await process.Process.StartAsync();
        redbark.Destination.Url = process.Webhook;
        using var api = process.CreateApiClient();

        await redbark.RunAsync();
        await api.HasDeliveriesAsync(1, () => process.Process.Output);
        var first = await process.RunAsync("prove", "--poll");
        Assert.Equal(1, first.ExitCode);
        Assert.Contains($"set Reconciliation:Accounts:{account.Id}:Opening", first.Output);

        redbark.Bank.Clock.Advance(TimeSpan.FromHours(20));
        redbark.Bank.Post(account.Id, -1250, "Coffee and a newspaper");
        await redbark.RunAsync();
        await api.HasDeliveriesAsync(2, () => process.Process.Output);
        var proved = await process.RunAsync("prove", "--poll");
        Assert.True(proved.ExitCode == 0, proved.Output);
        Assert.Contains("All 1 are proved.", proved.Output);

        // A row that the bank has, and that never arrives.
        redbark.Bank.Post(account.Id, -7700, "Lost on the way");
        await redbark.RunAsync(new SyncFaults { Drop = true });
        var differs = await process.RunAsync("prove", "--poll");
        Assert.Equal(1, differs.ExitCode);
        Assert.Matches(@"-77\.00  drift +[0-9-]+ +missing_rows", differs.Output);

        redbark.RestFaults.Spoil(BodyFault.Html, "/v1/balances", calls: 10);
        var silent = await process.RunAsync("prove", "--poll");
        Assert.Equal(1, silent.ExitCode);
        Assert.Contains("the newest reading failed", silent.Output);
    }
}
