namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>The ledger's side of the proof: what the bank's figure of any moment holds for sure, and what it may hold.</summary>
internal sealed class Timeline
{
    private readonly IReadOnlyList<PendingMovement> _pending;
    private readonly Side _booked;
    private readonly Side _available;

    public Timeline(IReadOnlyList<Movement> movements, IReadOnlyList<PendingMovement> pending)
    {
        (Movements, _pending) = (movements, pending);
        _booked = new Side(movements);
        _available = movements.Any(movement => movement.HeldFrom is not null)
            ? new Side([.. movements.Select(movement => movement.HeldFrom is { } from && from < movement.Earliest ? movement with { Earliest = from, Likely = from } : movement)])
            : _booked;
    }

    public IReadOnlyList<Movement> Movements { get; }

    /// <summary>The sum of what the figure holds for sure.</summary>
    public decimal Sure(BankFigure figure) => SideOf(figure).SumUntil(figure.NotBefore);

    /// <summary>What it may hold or not, in the order of time.</summary>
    public List<Movement> Unsure(BankFigure figure) => SideOf(figure).Between(figure.NotBefore, figure.NotAfter);

    /// <summary>Pending rows that were open at the figure's moment.</summary>
    public List<PendingMovement> OpenAt(BankFigure figure) =>
        [.. _pending.Where(row => row.From <= figure.NotAfter && (row.Until is null || row.Until > figure.NotBefore))];

    /// <summary>What the figure may hold for pending rows: nothing when it counts only what is booked.</summary>
    public IEnumerable<(decimal Amount, bool IsWhole)> Held(BankFigure figure)
    {
        if (figure.Basis == FigureBasis.Booked)
            return [(0, true)];
        var open = OpenAt(figure);
        return open.Count == 0
            ? [(0, true)]
            : [(open.Sum(row => row.Amount), true), (0, false), .. open.Select(row => (row.Amount, false)).Distinct()];
    }

    private Side SideOf(BankFigure figure) => figure.Basis == FigureBasis.Booked ? _booked : _available;

    private sealed class Side
    {
        private readonly Movement[] _byLatest;
        private readonly decimal[] _sums;
        private readonly Movement[] _byEarliest;

        public Side(IReadOnlyList<Movement> movements)
        {
            _byLatest = [.. movements.OrderBy(movement => movement.Latest)];
            _byEarliest = [.. movements.OrderBy(movement => movement.Earliest)];
            _sums = new decimal[_byLatest.Length + 1];
            for (var i = 0; i < _byLatest.Length; i++)
                _sums[i + 1] = _sums[i] + _byLatest[i].Amount;
            LongestDoubt = movements.Count == 0 ? TimeSpan.Zero : movements.Max(movement => movement.Latest - movement.Earliest);
        }

        private TimeSpan LongestDoubt { get; }

        public decimal SumUntil(DateTimeOffset moment) => _sums[CountUntil(_byLatest, moment, movement => movement.Latest)];

        public List<Movement> Between(DateTimeOffset notBefore, DateTimeOffset notAfter)
        {
            var end = CountUntil(_byEarliest, notAfter, movement => movement.Earliest);
            var found = new List<Movement>();
            // Nothing that began longer ago than the longest doubt can still be open.
            for (var i = end - 1; i >= 0 && _byEarliest[i].Earliest >= notBefore - LongestDoubt; i--)
            {
                if (_byEarliest[i].Latest > notBefore)
                    found.Add(_byEarliest[i]);
            }

            found.Sort((left, right) => (left.Likely, left.On, left.Id).CompareTo((right.Likely, right.On, right.Id)));
            return found;
        }

        private static int CountUntil(Movement[] sorted, DateTimeOffset moment, Func<Movement, DateTimeOffset> by)
        {
            var (low, high) = (0, sorted.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (by(sorted[middle]) <= moment)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low;
        }
    }
}
