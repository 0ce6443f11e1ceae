using System.CommandLine;
using Redbark.Sync.Standalone.Demo;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync demo</c>: the whole way once, against a simulated bank, on an empty ledger.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var keep = new Option<bool>("--keep") { Description = "Leave it running at the end, until Ctrl-C." };
        var seed = new Option<int>("--seed") { Description = "Seed of the bank's data.", DefaultValueFactory = _ => 1 };
        var command = new Command("demo", "Receive, apply, heal and prove against a simulated bank; needs no configuration.") { keep, seed };
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            var data = new DataDirectory(Path.Combine(configuration.Data().Path, "demo"));
            await data.EmptyLedgerAsync(cancellation);
            await using var redbark = DemoSettings.Bank(given.GetValue(seed));
            var settings = DemoSettings.Of(configuration, data, redbark, await redbark.StartRestAsync(cancellationToken: cancellation));
            await using var app = StandaloneHost.Build(settings);
            await UpCommand.StartAsync(app, cancellation);
            var address = new Uri(app.Urls.First());
            redbark.Destination.Url = new Uri(address, "/webhooks/demo");
            using var api = new ApiClient(address, app.Configuration["Api:Tokens:0"]!);
            var good = await new DemoPlay(redbark, api, Console.Out).PlayAsync(cancellation);
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
}
