using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Causes;

/// <summary>One step of the difference, with what stands around it.</summary>
internal sealed class StepEvidence(ProofInput input, Step step)
{
    public ProofInput Input => input;

    public Step Step => step;

    public decimal Amount => step.Amount;

    public BankFigure Figure => input.Figures[step.Index];

    /// <summary>The figure before, with which the step was not there.</summary>
    public BankFigure? Before => step.Index == 0 ? null : input.Figures[step.Index - 1];

    /// <summary>The first day on which it may have begun.</summary>
    public DateOnly FirstDay => input.DayOf((Before ?? Figure).NotBefore);

    public DateOnly LastDay => input.DayOf(Figure.NotAfter);

    /// <summary>
    /// The rows that may be what made the step: they entered around it. Not only between its two figures, because rows that cross a
    /// reading can hide a step for a while, or show one of the same amount early.
    /// </summary>
    public IEnumerable<Movement> Entered
    {
        get
        {
            var around = input.SettleWithin * 2;
            return input.Timeline.Movements.Where(row => row.Earliest <= Figure.NotAfter + around && (Before is null || row.Latest >= Before.NotBefore - around));
        }
    }

    public DriftFinding Finding(DriftCause cause, IReadOnlyList<long> rows, string evidence, DateOnly? since = null) =>
        new(cause, Amount, Before?.NotAfter, Figure.NotAfter, since ?? LastDay, rows, evidence);
}
