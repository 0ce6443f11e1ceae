using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Tests.Reconciliation;

/// <summary>What went wrong in a history, if anything.</summary>
internal enum SeededFault
{
    None,
    LostRows,
    Duplicate,
    HoldAsPosted,
    CountedPending,
    StandingFigure,
    NullFigure,
    TurnedSign,
    WrongOpening,
}

/// <summary>
/// Some weeks of one account, from the bank's side, and what a receiver saw of it: rows booked late, dates without times, a feed that
/// comes in runs and sometimes a day late, balances out of a cache. None of that is a fault; at most one fault is seeded on top.
/// </summary>
internal sealed class BankHistory
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Australia/Sydney");
    private static readonly DateTimeOffset Start = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly List<Row> _rows = [];
    private readonly List<DateTimeOffset> _runs = [];
    private readonly List<Reading> _readings = [];
    private readonly decimal _opening;
    private readonly bool _opensKnown;
    private decimal _knownOpening;

    public BankHistory(int seed, SeededFault fault)
    {
        (_random, Fault) = (new Random(seed), fault);
        _opening = Cents(100_000);
        _opensKnown = fault is SeededFault.WrongOpening || _random.Next(3) == 0;
        Days = _random.Next(28, 63);
        Active = Start.AddDays(Days - 8);
        IsAvailable = fault is SeededFault.None or SeededFault.LostRows && _random.Next(5) == 0;
        FaultAt = Start.AddHours(_random.Next(24 * Days / 4, 24 * Days / 2));
        MakeRuns();
        MakeRows();
        SeedRows();
        MakeReadings();
        _knownOpening = fault == SeededFault.WrongOpening ? _opening + FaultAmount : _opening;
    }

    public SeededFault Fault { get; }

    /// <summary>When the seeded fault begins.</summary>
    public DateTimeOffset FaultAt { get; private set; }

    /// <summary>Bank less ledger that the fault makes.</summary>
    public decimal FaultAmount { get; private set; }

    /// <summary>The rows that the fault is made of, by their ids in the ledger.</summary>
    public List<long> FaultRows { get; } = [];

    /// <summary>The figure is what is available, as with Revolut.</summary>
    public bool IsAvailable { get; }

    public int Days { get; }

    /// <summary>Until when money moves; then comes a quiet end, long enough for the latest row to arrive.</summary>
    public DateTimeOffset Active { get; }

    public DateTimeOffset End => Start.AddDays(Days);

    public decimal TrueOpening => _opening;

    public DateTimeOffset FirstReading => _readings[0].At;

    /// <summary>What the receiver knows at a moment.</summary>
    public ProofInput At(DateTimeOffset now) => new()
    {
        Figures = [.. _readings.Where(reading => reading.At <= now && reading.Amount is not null).Select((reading, i) => new BankFigure(
            i, reading.Amount!.Value, reading.At - TimeSpan.FromMinutes(5), reading.At, IsAvailable ? FigureBasis.Available : FigureBasis.Booked))],
        Timeline = new Timeline(
            [.. _rows.Where(row => row.SeenAt <= now && !row.StaysPending).Select(ToMovement)],
            [.. _rows.Where(row => row.PendingSeenAt <= now && (row.StaysPending || row.SeenAt > now)).Select(row => new PendingMovement(row.Id, row.Amount, row.OccurredAt, null))]),
        Opening = _opensKnown ? _knownOpening : null,
        Trouble = _readings.LastOrDefault(reading => reading.At <= now) is { Amount: null } ? new ReadingTrouble(IsNull: true, FaultAt, "null") : null,
        TimeZone = Zone,
        Now = now,
        SettleWithin = TimeSpan.FromHours(72),
        StaleAfter = TimeSpan.FromHours(36),
    };

    private void MakeRuns()
    {
        for (var at = Start; at < End; at += TimeSpan.FromMinutes(_random.Next(4 * 60, 24 * 60)))
            _runs.Add(at);
        _runs.Add(End.AddDays(-4));
    }

    private void MakeRows()
    {
        var busy = _random.Next(1, 9);
        var id = 1L;
        for (var day = 0; Start.AddDays(day) < Active; day++)
        {
            for (var n = _random.Next(busy + 1); n > 0; n--)
            {
                var occurred = Start.AddDays(day).AddSeconds(_random.Next(86_400));
                if (occurred >= Active)
                    continue;
                var posted = _random.Next(10) switch
                {
                    < 6 => occurred.AddMinutes(_random.Next(1, 30)),
                    < 9 => occurred.AddHours(_random.Next(2, 30)),
                    _ => occurred.AddHours(_random.Next(30, 80)),
                };
                _rows.Add(Make(id++, occurred, posted, _random.Next(4) == 0 ? Cents(50_000) : -Math.Abs(Cents(20_000)), $"Shop {_random.Next(2000)}"));
            }
        }
    }

    private Row Make(long id, DateTimeOffset occurred, DateTimeOffset posted, decimal amount, string payee)
    {
        var shape = _random.Next(10);
        var late = _random.Next(40) == 0 ? TimeSpan.FromHours(_random.Next(1, 40)) : TimeSpan.Zero;
        return new Row
        {
            Id = id,
            OccurredAt = occurred,
            PostedAt = posted,
            SeenAt = Run(posted + late),
            PendingSeenAt = IsAvailable && posted - occurred > TimeSpan.FromHours(1) ? Run(occurred) : null,
            Amount = amount,
            Payee = payee,
            // Some rows tell only days; old ones have no post date.
            TellsInstant = shape is not (8 or 9),
            TellsPostDate = shape is not 9 || posted - occurred < TimeSpan.FromHours(30),
        };
    }

    private void SeedRows()
    {
        var after = _rows.Where(row => row.PostedAt > FaultAt && row.PostedAt < Active.AddDays(-6)).ToList();
        if (after.Count == 0)
            after = [_rows.Where(row => row.PostedAt < Active).MaxBy(row => row.PostedAt)!];
        var victim = after[_random.Next(after.Count)];
        var next = _rows.Max(row => row.Id) + 1;
        switch (Fault)
        {
            case SeededFault.LostRows:
                // A run's chunk: some rows that became visible together.
                var lost = _rows.Where(row => row.SeenAt == victim.SeenAt && row.SeenAt > FaultAt).Take(_random.Next(1, 4)).ToList();
                lost = lost.Count == 0 || lost.Sum(row => row.Amount) == 0 ? [victim] : lost;
                lost.ForEach(row => (row.SeenAt, row.PendingSeenAt) = (DateTimeOffset.MaxValue, null));
                (FaultAt, FaultAmount) = (lost.Min(row => row.PostedAt), lost.Sum(row => row.Amount));
                break;
            case SeededFault.Duplicate:
                Surplus(Make(next, victim.OccurredAt, victim.PostedAt.AddHours(_random.Next(1, 48)), victim.Amount, victim.Payee));
                break;
            case SeededFault.HoldAsPosted:
                Surplus(Make(next, victim.OccurredAt.AddSeconds(1), victim.OccurredAt.AddMinutes(1), -Math.Abs(Cents(20_000)), "AUTHORISATION"));
                break;
            case SeededFault.CountedPending:
                victim.StaysPending = true;
                victim.PendingSeenAt = Run(victim.OccurredAt);
                (FaultAt, FaultAmount) = (victim.PostedAt, victim.Amount);
                FaultRows.Add(victim.Id);
                break;
            case SeededFault.WrongOpening:
                FaultAmount = Math.Abs(Cents(10_000));
                break;
            default:
                break;
        }
    }

    private void Surplus(Row row)
    {
        row.IsSurplus = true;
        row.PendingSeenAt = null;
        _rows.Add(row);
        (FaultAt, FaultAmount) = (row.PostedAt, -row.Amount);
        FaultRows.Add(row.Id);
    }

    private void MakeReadings()
    {
        decimal? standing = null;
        for (var at = Start.AddHours(_random.Next(1, 30)); at < End; at += TimeSpan.FromMinutes(_random.Next(2 * 60, 9 * 60)))
        {
            if (_random.Next(20) == 0)
                continue; // A failed call.
            var truth = Truth(at - TimeSpan.FromSeconds(_random.Next(300)));
            if (Fault == SeededFault.StandingFigure && at >= FaultAt)
                truth = standing ??= truth;
            _readings.Add(new Reading(at, Fault == SeededFault.NullFigure && at >= FaultAt ? null : Fault == SeededFault.TurnedSign ? -truth : truth));
        }
    }

    private decimal Truth(DateTimeOffset at) =>
        _opening + _rows.Where(row => !row.IsSurplus && (row.PostedAt <= at || (IsAvailable && row.PendingSeenAt is not null && row.OccurredAt <= at))).Sum(row => row.Amount);

    private DateTimeOffset Run(DateTimeOffset after) => _runs.Find(run => run >= after) is var run && run == default ? DateTimeOffset.MaxValue : run;

    private static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone).DateTime);

    private decimal Cents(int most) => (_random.Next(2) == 0 ? -1 : 1) * _random.Next(1, most) / 100m;

    private static Movement ToMovement(Row row)
    {
        var bounds = BookingBounds.Of(
            DayOf(row.OccurredAt), row.TellsPostDate ? DayOf(row.PostedAt) : null, row.TellsInstant ? row.OccurredAt : null, row.SeenAt, Zone);
        return new Movement
        {
            Id = row.Id,
            Amount = row.Amount,
            Earliest = bounds.Earliest,
            Latest = bounds.Latest,
            Likely = bounds.Likely,
            HeldFrom = row.PendingSeenAt is null ? null : row.OccurredAt,
            On = DayOf(row.OccurredAt),
            Description = row.Payee,
        };
    }

    private sealed class Row
    {
        public required long Id { get; init; }
        public required DateTimeOffset OccurredAt { get; init; }
        public required DateTimeOffset PostedAt { get; init; }
        public required DateTimeOffset SeenAt { get; set; }
        public DateTimeOffset? PendingSeenAt { get; set; }
        public required decimal Amount { get; init; }
        public required string Payee { get; init; }
        public required bool TellsInstant { get; init; }
        public required bool TellsPostDate { get; init; }
        public bool StaysPending { get; set; }
        public bool IsSurplus { get; set; }
    }

    private sealed record Reading(DateTimeOffset At, decimal? Amount);
}
