using System.CommandLine;
using Redbark.Sync.Standalone.Proofs;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync prove</c>: does the ledger agree with the bank, account by account? Asked of the running process.</summary>
internal static class ProveCommand
{
    public static Command Create()
    {
        var poll = new Option<bool>("--poll") { Description = "First read accounts and balances, look for gaps and prove again, now." };
        var command = new Command("prove", "Show for each account whether the ledger agrees with the bank, and why not.") { poll };
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            using var api = ApiClient.Create(configuration);
            var read = !given.GetValue(poll) || await PollAsync(api, cancellation);
            var table = await ProofTable.ReadAsync(api, cancellation);
            table.Print(Console.Out);
            return read && table.IsProved ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<bool> PollAsync(ApiClient api, CancellationToken cancellation)
    {
        var good = true;
        foreach (var job in await JobRuns.OfProofAsync(api, cancellation))
        {
            var end = await JobRuns.RunAsync(api, job, cancellation);
            good &= end.Succeeded;
            Console.WriteLine($"{end.Job,-24} {end.Outcome,-10} {end.Said}");
        }

        Console.WriteLine();
        return good;
    }
}
