namespace Redbark.Sync.Simulator.Bank;

/// <summary>The bank's clock: another clock, moved ahead by whatever the simulation has skipped.</summary>
/// <param name="inner">The clock that is moved.</param>
public sealed class BankClock(TimeProvider inner) : TimeProvider
{
    private long _skipped;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _skipped));

    /// <summary>Moves the bank's clock ahead. Signatures keep the real time, or a receiver would refuse them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative: rows that are there must not come from the future.</exception>
    public void Advance(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        Interlocked.Add(ref _skipped, span.Ticks);
    }
}
