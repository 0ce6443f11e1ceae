using System.CommandLine;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Standalone.Demo;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync demo</c>: the whole way once, against a simulated bank, on an empty ledger.</summary>
internal static class DemoCommand
{
    private const string Secret = "the-demo's-signing-secret";

    public static Command Create()
    {
        var keep = new Option<bool>("--keep") { Description = "Leave it running at the end, until Ctrl-C." };
        var seed = new Option<int>("--seed") { Description = "Seed of the bank's data.", DefaultValueFactory = _ => 1 };
        var command = new Command("demo", "Receive, apply and compare against a simulated bank; needs no configuration.") { keep, seed };
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            var data = new DataDirectory(Path.Combine(configuration.Data().Path, "demo"));
            await data.EmptyLedgerAsync(cancellation);
            await using var app = StandaloneHost.Build([.. given.Settings(), .. Settings(data)]);
            await UpCommand.StartAsync(app, cancellation);
            var good = await PlayAsync(app, given.GetValue(seed), cancellation);
            if (given.GetValue(keep))
            {
                UpBanner.Print(app);
                await app.WaitForShutdownAsync(cancellation);
            }

            await app.StopAsync(CancellationToken.None);
            return good ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    private static string[] Settings(DataDirectory data) =>
    [
        $"--Data:Directory={data.Path}",
        $"--Journal:Directory={data.Journal}",
        "--Urls=http://127.0.0.1:0",
        $"--Feeds:demo:Secrets:0={Secret}",
        "--Feeds:demo:TimeZone=Australia/Sydney",
        "--Serilog:MinimumLevel:Default=Error",
        "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime=Error",
    ];

    private static async Task<bool> PlayAsync(WebApplication app, int seed, CancellationToken cancellation)
    {
        var address = new Uri(app.Urls.First());
        await using var redbark = SimulatedRedbark.Create(new SimulatorOptions
        {
            Bank = new BankOptions { Seed = seed, Accounts = 3, Rows = 1200 },
            Destination = new Destination { Url = new Uri(address, "/webhooks/demo"), Secrets = [Secret], IncludePending = true },
        });
        using var api = new ApiClient(address, app.Configuration["Api:Tokens:0"]!);
        var script = new DemoScript(redbark, Console.WriteLine);
        Console.WriteLine($"A bank with {redbark.Bank.Accounts.Count} accounts sends to {redbark.Destination.Url}\n");
        await script.PlayAsync(cancellation);
        await DemoProgress.UntilAppliedAsync(api, script.Accepted, cancellation);

        var report = await DemoReport.ReadAsync(api, redbark.Bank, script, cancellation);
        report.Print(script);
        return report.Differences.Count == 0;
    }
}
