namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>The steps of the path since it last stood at the opening.</summary>
internal sealed class Difference
{
    public Difference(ProofInput input, OpeningPath path)
    {
        Opening = input.Opening ?? path.Openings[0];
        LastProved = path.Openings.ToList().LastIndexOf(Opening);
        Amount = path.Openings[^1] - Opening;
        for (var i = LastProved + 1; i < path.Openings.Count; i++)
        {
            var before = i == 0 ? Opening : path.Openings[i - 1];
            if (path.Openings[i] != before)
                Steps.Add(new Step(i, path.Openings[i] - before, input.Now - input.Figures[i].NotAfter > input.SettleWithin));
        }
    }

    public decimal Opening { get; }

    /// <summary>The index of the newest figure that agrees; -1 when none does.</summary>
    public int LastProved { get; }

    /// <summary>Bank less ledger at the newest figure.</summary>
    public decimal Amount { get; }

    /// <summary>The steps that make it up, in the order of time.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>Whether it has lasted longer than it may.</summary>
    public bool IsMature => Steps.Exists(step => step.IsMature);
}

/// <summary>One change of the difference.</summary>
/// <param name="Index">The first figure that has it.</param>
/// <param name="Amount">Bank less ledger.</param>
/// <param name="IsMature">Whether it has lasted longer than it may.</param>
internal sealed record Step(int Index, decimal Amount, bool IsMature);
