using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Reconciliation.Causes;

namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>What there is to prove one account with.</summary>
internal sealed record ProofInput
{
    /// <summary>The bank's figures in the order of time.</summary>
    public required IReadOnlyList<BankFigure> Figures { get; init; }

    public required Timeline Timeline { get; init; }

    /// <summary>The opening, where the settings name one.</summary>
    public decimal? Opening { get; init; }

    /// <summary>Why no newer figure could be had, and since when, if so.</summary>
    public ReadingTrouble? Trouble { get; init; }

    /// <summary>In which the bank's days begin and end.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>How long a difference may last before it is called drift: rows come late and balances are cached.</summary>
    public required TimeSpan SettleWithin { get; init; }

    /// <summary>How old the newest figure may be.</summary>
    public required TimeSpan StaleAfter { get; init; }

    public DateOnly DayOf(DateTimeOffset moment) => moment.DayIn(TimeZone);
}

/// <summary>Newer readings brought no figure.</summary>
internal sealed record ReadingTrouble(bool IsNull, DateTimeOffset Since, string Evidence);

/// <summary>Opening and rows against the bank's figures (invariant I5: exact, to the smallest unit).</summary>
internal static class Prover
{
    public static ProofReport Prove(ProofInput input)
    {
        if (input.Figures.Count == 0)
            return WithoutFigure(input);

        var path = OpeningPath.Find(input.Figures, input.Timeline, input.Opening);
        var difference = new Difference(input, path);
        var last = input.Figures[^1];
        var report = new ProofReport
        {
            Status = ProofStatus.Proved,
            Opening = difference.Opening,
            Actual = last.Amount,
            Expected = last.Amount - (path.Openings[^1] - difference.Opening),
            ObservedAt = last.NotAfter,
            ProvedAt = difference.LastProved >= 0 ? input.Figures[difference.LastProved].NotAfter : null,
        };

        if (input.Trouble is { } trouble && input.Now - last.NotAfter > input.StaleAfter)
            return report with { Status = ProofStatus.Unknown, Findings = [TroubleFinding(trouble)] };
        if (input.Now - last.NotAfter > input.StaleAfter)
        {
            return report with
            {
                Status = ProofStatus.Unknown,
                Findings = [Missing(DriftCause.StaleBalance, $"the newest balance is of {last.NotAfter:u}; none has been read since", last.NotAfter)],
            };
        }

        if (input.Figures.Count == 1 && input.Opening is null)
        {
            return report with
            {
                Status = ProofStatus.Unknown,
                ProvedAt = null,
                Findings = [Missing(DriftCause.UnknownOpening, "one balance was read, which makes the opening; the next one proves it", last.NotAfter)],
            };
        }

        if (difference.Amount == 0)
        {
            return path.Certainties[^1] < Candidates.Plausible
                ? report
                : report with
                {
                    Status = ProofStatus.Settling,
                    Findings = [Missing(DriftCause.Crossing, "rows cross the newest balance; it agrees only if the bank did not book them in order", last.NotAfter)],
                };
        }

        var findings = CauseFinder.Explain(input, path, difference);
        return report with { Status = difference.IsMature ? ProofStatus.Drift : ProofStatus.Settling, Findings = findings };
    }

    private static ProofReport WithoutFigure(ProofInput input) => new()
    {
        Status = ProofStatus.Unknown,
        Findings = [input.Trouble is { } trouble ? TroubleFinding(trouble) : Missing(DriftCause.NoBalance, "no provider has shown a balance of this account", null)],
    };

    private static DriftFinding TroubleFinding(ReadingTrouble trouble) =>
        Missing(trouble.IsNull ? DriftCause.NullBalance : DriftCause.StaleBalance, trouble.Evidence, trouble.Since);

    private static DriftFinding Missing(DriftCause cause, string evidence, DateTimeOffset? to) => new(cause, 0, null, to, null, [], evidence);
}
