using Redbark.Sync.Simulator;
using Redbark.Sync.Standalone.Commands;
using Redbark.Sync.Standalone.Proofs;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>The demonstration, from the first sync to the closing tables.</summary>
internal sealed class DemoPlay(SimulatedRedbark redbark, ApiClient api, TextWriter output)
{
    private readonly DemoScript _script = new(redbark, output.WriteLine);
    private readonly List<string> _failures = [];
    private int _steps;

    /// <returns>Whether all that was sent or lost is in the ledger, and every account is proved.</returns>
    public async Task<bool> PlayAsync(CancellationToken cancellation)
    {
        var accounts = redbark.Bank.Accounts;
        output.WriteLine($"A bank with {accounts.Count} accounts sends to {redbark.Destination.Url}. Redbark, Revolut and Token.io show their balances. All of them are simulated.");

        Step("The first sync: one chunk is lost on the way, another comes too early");
        await _script.FirstSyncAsync(cancellation);
        await SettledAsync(cancellation);

        Step("Balances are read from all three, and every account is compared with them");
        await RunAsync(["sync-accounts", .. Polls, "reconcile"], cancellation);
        Tell(await ProofTable.ReadAsync(api, cancellation));

        Step("The lost chunk is missed, and its days are read again by REST");
        await HealAsync(cancellation);
        Tell(await ProofTable.ReadAsync(api, cancellation));

        Step("A day later: pending rows settle, some under new ids, the bank corrects, somebody shops, one row is malformed");
        await _script.NextDayAsync(cancellation);
        await _script.RepeatAsync(cancellation);
        await SettledAsync(cancellation);

        Step("Balances are read again");
        await RunAsync([.. Polls, "reconcile"], cancellation);

        var report = await DemoReport.ReadAsync(api, redbark.Bank, _script, cancellation);
        var proofs = await ProofTable.ReadAsync(api, cancellation);
        output.WriteLine();
        report.Print(_script, output);
        output.WriteLine();
        proofs.Print(output);
        output.WriteLine();
        var differences = report.Differences.Concat(_failures).ToList();
        output.WriteLine(differences.Count == 0 ? "The ledger agrees with the bank." : $"NOT as it should be:\n  {string.Join("\n  ", differences)}");
        return differences.Count == 0 && proofs.IsProved;
    }

    private static string[] Polls => ["poll-balances-redbark", "poll-balances-revolut", "poll-balances-tokenio"];

    private void Step(string what) => output.WriteLine($"\n{++_steps}. {what}");

    private async Task SettledAsync(CancellationToken cancellation)
    {
        await DemoProgress.UntilAppliedAsync(api, _script.Accepted, cancellation);
        output.WriteLine($"   all {_script.Accepted} accepted deliveries are in the ledger");
    }

    private async Task HealAsync(CancellationToken cancellation)
    {
        // Until then the chunk might still come.
        if (DemoSettings.ChunkGrace - _script.SinceTheLoss is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, cancellation);

        var found = _script.SinceTheLoss;
        await RunAsync(["heal-gaps"], cancellation);
        var healed = await HealedRows.ReadAsync(api, cancellation);
        if (healed.Rows == _script.RowsLost)
        {
            output.WriteLine($"   found {found.TotalSeconds:0.0} s after it was lost (a late chunk has {DemoSettings.ChunkGrace.TotalSeconds:0} s here), "
                + $"healed in {(_script.SinceTheLoss - found).TotalSeconds:0.0} s: {healed.Rows} rows of {healed.Accounts} accounts");
        }
        else
        {
            _failures.Add($"{_script.RowsLost} rows were lost, {healed.Rows} came by REST");
        }
    }

    private async Task RunAsync(string[] jobs, CancellationToken cancellation)
    {
        foreach (var job in jobs)
        {
            var end = await JobRuns.RunAsync(api, job, cancellation);
            output.WriteLine($"   {end.Job,-24} {end.Outcome} in {end.Duration.TotalMilliseconds:0} ms: {end.Said}");
            if (!end.Succeeded)
                _failures.Add($"{end.Job} {end.Outcome}: {end.Said}");
        }
    }

    private void Tell(ProofTable table)
    {
        foreach (var proofs in table.Proofs.GroupBy(proof => (proof.Status, proof.Cause)).OrderBy(group => group.Key.Status, StringComparer.Ordinal))
        {
            var first = proofs.First();
            var why = first.IsProved || first.Findings.Count == 0 ? "" : $" ({first.Cause}: {first.Findings[0].Evidence})";
            output.WriteLine($"   {proofs.Count()} of {table.Proofs.Count} are {first.Status}{why}");
        }
    }
}
