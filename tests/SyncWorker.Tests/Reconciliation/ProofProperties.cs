using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Tests.Reconciliation;

/// <summary>Over generated histories the proof names exactly what was seeded: no false drift, no missed fault.</summary>
public sealed class ProofProperties(ITestOutputHelper output)
{
    private static readonly int Histories = int.Parse(Environment.GetEnvironmentVariable("PROOF_HISTORIES") ?? "1200", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly SeededFault[] Faults = Enum.GetValues<SeededFault>();

    [Fact]
    public void A_history_without_a_fault_never_drifts()
    {
        var first = Random.Shared.Next();
        output.WriteLine($"first seed {first}");
        var wrong = Enumerable.Range(first, Histories).AsParallel().SelectMany(seed =>
        {
            var history = new BankHistory(seed, SeededFault.None);
            var random = new Random(seed);
            var moments = Enumerable.Range(0, 8).Select(_ => history.FirstReading + ((history.Active - history.FirstReading) * random.NextDouble()));
            return moments.Select(moment => (Seed: seed, Moment: moment, Report: Prover.Prove(history.At(moment))))
                .Where(run => run.Report.Status is ProofStatus.Drift)
                .Select(run => $"seed {run.Seed} at {run.Moment:u}: {Text(run.Report)}")
                .Concat(Prover.Prove(history.At(history.End)) is { Status: not ProofStatus.Proved } end ? [$"seed {seed} at its end: {Text(end)}"] : []);
        }).ToList();
        output.WriteLine($"{Histories} histories, {wrong.Count} false drifts");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(10)));
    }

    [Fact]
    public void A_seeded_fault_is_named_with_its_amount_and_its_rows_and_no_other()
    {
        var first = Random.Shared.Next();
        output.WriteLine($"first seed {first}");
        var wrong = Enumerable.Range(first, Histories).AsParallel()
            .Select(seed => (Seed: seed, History: new BankHistory(seed, Faults[1 + (int)((uint)seed % (Faults.Length - 1))])))
            .Select(run => (run.Seed, run.History, Report: Prover.Prove(run.History.At(run.History.End))))
            .Where(run => !Names(run.Report, run.History))
            .Select(run => $"seed {run.Seed} {run.History.Fault} {run.History.FaultAmount} at {run.History.FaultAt:u}: {Text(run.Report)}")
            .ToList();
        output.WriteLine($"{Histories} histories, {wrong.Count} faults missed or misnamed");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(10)));
    }

    private static bool Names(ProofReport report, BankHistory history) => (history.Fault, report) switch
    {
        (SeededFault.NullFigure, { Status: ProofStatus.Unknown, Findings: [{ Cause: DriftCause.NullBalance }] }) => true,
        (SeededFault.TurnedSign, { Status: ProofStatus.Drift, Findings: [{ Cause: DriftCause.SignConvention }] }) => true,
        (SeededFault.StandingFigure, { Status: ProofStatus.Drift, Findings: [{ Cause: DriftCause.StaleBalance }] }) => true,
        (SeededFault.WrongOpening, { Status: ProofStatus.Drift, Findings: [{ Cause: DriftCause.OpeningDiffers } found] }) => found.Amount == -history.FaultAmount,
        // Rows that were lost together may have been booked at different times.
        (SeededFault.LostRows, { Status: ProofStatus.Drift, Findings: var findings }) => findings.All(found => found.Cause == DriftCause.MissingRows)
            && findings.Sum(found => found.Amount) == history.FaultAmount && report.Drift == history.FaultAmount,
        (SeededFault.Duplicate, { Status: ProofStatus.Drift, Findings: [{ Cause: DriftCause.Duplicate } found] }) => IsSeeded(found, report, history) && found.Rows.SequenceEqual(history.FaultRows),
        (SeededFault.HoldAsPosted, { Status: ProofStatus.Drift, Findings: [{ Cause: DriftCause.HoldAsPosted } found] }) => IsSeeded(found, report, history) && found.Rows.SequenceEqual(history.FaultRows),
        (SeededFault.CountedPending, { Status: ProofStatus.Drift, Findings: [{ Cause: DriftCause.NotYetPosted } found] }) => IsSeeded(found, report, history) && found.Rows.SequenceEqual(history.FaultRows),
        _ => false,
    };

    private static bool IsSeeded(DriftFinding found, ProofReport report, BankHistory history) =>
        found.Amount == history.FaultAmount && report.Drift == history.FaultAmount;

    private static string Text(ProofReport report) =>
        $"{report.Status}, drift {report.Drift}: {string.Join("; ", report.Findings.Select(finding => $"{finding.Cause} {finding.Amount} [{finding.From:u}–{finding.To:u}] rows {string.Join(',', finding.Rows)}"))}";
}
