using Redbark.Sync.Simulator;
using Redbark.Sync.Standalone.Commands;
using Redbark.Sync.Standalone.Proofs;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>The demonstration, from the first sync to the closing tables.</summary>
internal sealed class DemoPlay(SimulatedRedbark redbark, ApiClient api)
{
    private readonly DemoScript _script = new(redbark, Console.WriteLine);
    private readonly List<string> _failedJobs = [];
    private int _steps;

    /// <returns>Whether everything is as it should be.</returns>
    public async Task<bool> PlayAsync(CancellationToken cancellation)
    {
        var accounts = redbark.Bank.Accounts;
        Console.WriteLine($"A bank with {accounts.Count} accounts sends to {redbark.Destination.Url}. Redbark, Revolut and Token.io show their balances. All of them are simulated.");

        Step("The first sync: its second chunk comes before its first");
        await _script.FirstSyncAsync(cancellation);
        await DemoProgress.UntilAppliedAsync(api, _script.Accepted, cancellation);

        Step("Balances are read, and every account is compared with them");
        await RunAsync(["sync-accounts", .. Polls, "reconcile"], cancellation);
        Tell(await ProofTable.ReadAsync(api, cancellation));

        Step("A day later: pending rows settle, some under new ids, the bank corrects, somebody shops, one row is malformed");
        await _script.NextDayAsync(cancellation);
        await _script.RepeatAsync(cancellation);
        await DemoProgress.UntilAppliedAsync(api, _script.Accepted, cancellation);

        Step("Balances are read again");
        await RunAsync([.. Polls, "reconcile"], cancellation);

        var report = await DemoReport.ReadAsync(api, redbark.Bank, _script, cancellation);
        var proofs = await ProofTable.ReadAsync(api, cancellation);
        Console.WriteLine();
        report.Print(_script);
        Console.WriteLine();
        proofs.Print(Console.Out);
        Console.WriteLine();
        var differences = report.Differences.Concat(_failedJobs).ToList();
        Console.WriteLine(differences.Count == 0 ? "The ledger agrees with the bank." : $"NOT as it should be:\n  {string.Join("\n  ", differences)}");
        return differences.Count == 0 && proofs.IsProved;
    }

    private static string[] Polls => ["poll-balances-redbark", "poll-balances-revolut", "poll-balances-tokenio"];

    private void Step(string what) => Console.WriteLine($"\n{++_steps}. {what}");

    private async Task RunAsync(string[] jobs, CancellationToken cancellation)
    {
        foreach (var job in jobs)
        {
            var end = await JobRuns.RunAsync(api, job, cancellation);
            Console.WriteLine($"   {end.Job,-24} {end.Outcome} in {end.Duration.TotalMilliseconds:0} ms: {end.Said}");
            if (!end.Succeeded)
                _failedJobs.Add($"{end.Job} {end.Outcome}: {end.Said}");
        }
    }

    private static void Tell(ProofTable table)
    {
        foreach (var proofs in table.Proofs.GroupBy(proof => (proof.Status, proof.Cause)).OrderBy(group => group.Key.Status, StringComparer.Ordinal))
        {
            var first = proofs.First();
            var why = first.IsProved || first.Findings.Count == 0 ? "" : $" ({first.Cause}: {first.Findings[0].Evidence})";
            Console.WriteLine($"   {proofs.Count()} {first.Status}{why}");
        }
    }
}
