namespace Redbark.Sync.Simulator.Bank;

/// <summary>The bank's clock: another clock, moved ahead by whatever the simulation has skipped.</summary>
public sealed class BankClock : TimeProvider
{
    private readonly TimeProvider _inner;
    private long _skipped;

    /// <summary>A clock over another.</summary>
    /// <param name="inner">The clock that is moved.</param>
    /// <param name="behind">How far behind it the bank starts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative: rows must not come from the future.</exception>
    public BankClock(TimeProvider inner, TimeSpan behind = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(behind, TimeSpan.Zero);
        (_inner, _skipped) = (inner, -behind.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _skipped));

    /// <summary>Moves the bank's clock ahead. Signatures keep the real time, or a receiver would refuse them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative: rows that are there must not come from the future.</exception>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        Interlocked.Add(ref _skipped, span.Ticks);
    }
}
