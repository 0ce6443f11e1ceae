using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary><c>redbark-sync backfill</c> against a running process and a simulated bank.</summary>
public sealed class BackfillTests
{
    [Fact]
    public async Task What_never_came_is_read_by_REST_and_the_command_waits_for_it()
    {
        await using var redbark = SimulatedRedbark.Create(new SimulatorOptions
        {
            Bank = new BankOptions { Accounts = 1, Rows = 30, PendingRows = 0, Trades = 0, Behind = TimeSpan.FromHours(20) },
            Destination = new Destination { Url = new Uri("http://127.0.0.1/"), Secrets = [Sender.Secret] },
        });
        await using var process = new StandaloneProcess(
            ("Schedule__Enabled", "false"), ("Redbark__BaseUrl", (await redbark.StartRestAsync()).ToString()), ("Redbark__ApiKey", redbark.Options.Rest.ApiKey));
        await process.Process.StartAsync();
        redbark.Destination.Url = process.Webhook;
        using var api = process.CreateApiClient();
        await redbark.RunAsync();
        await api.HasDeliveriesAsync(1, () => process.Process.Output);
        redbark.Bank.Clock.Advance(TimeSpan.FromHours(20));
        redbark.Bank.Post(redbark.Bank.Accounts[0].Id, -7700, "Lost on the way");
        await redbark.RunAsync(new SyncFaults { Drop = true });

        var run = await process.RunAsync("backfill", "--from", $"{DateTime.UtcNow.AddDays(-7):yyyy-MM-dd}");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains("done: ", run.Output, StringComparison.Ordinal);
        var rows = await api.ListAsync("/api/v1/accounts/1/transactions?limit=1000&text=Lost%20on%20the%20way");
        Assert.Equal("-77.00", Assert.Single(rows).Text("amount"));
    }

    [Fact]
    public async Task Without_a_key_it_says_what_is_missing()
    {
        await using var process = new StandaloneProcess(("Schedule__Enabled", "false"));
        await process.Process.StartAsync();
        using var api = process.CreateApiClient();
        await api.HasDeliveriesAsync(0, () => process.Process.Output); // The database is up.
        var run = await process.RunAsync("backfill", "--from", $"{DateTime.UtcNow.AddDays(-7):yyyy-MM-dd}");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Redbark:ApiKey", run.Output, StringComparison.Ordinal);
    }
}
