using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Rest;

/// <summary>
/// So many calls in any minute. The limiters of System.Threading.RateLimiting keep a time of their own, which no test can move; and
/// none of them can be told what the server has just told.
/// </summary>
internal sealed class CallLimit(int most, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<TimeSpan> _calls = new();
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _heldUntil;
    private TimeSpan _usedUpUntil;

    private TimeSpan Now => clock.GetElapsedTime(_start);

    /// <summary>Waits for a turn.</summary>
    /// <exception cref="ProviderException">The provider asked for a wait longer than that; nothing was sent.</exception>
    public async Task TakeAsync(TimeSpan longestWait, CancellationToken cancellation)
    {
        while (Turn(longestWait) is { } wait)
            await Task.Delay(wait, clock, cancellation);
    }

    /// <summary>No call before that (<c>Retry-After</c>).</summary>
    public void HoldUntil(DateTimeOffset at)
    {
        lock (_gate)
        {
            var until = Now + (at - clock.GetUtcNow());
            if (until > _heldUntil)
                _heldUntil = until;
        }
    }

    /// <summary>The server has no call left in its minute, which began no later than with the oldest call that is counted here.</summary>
    public void UsedUp()
    {
        lock (_gate)
        {
            _usedUpUntil = (_calls.TryPeek(out var first) ? first : Now) + Window;
        }
    }

    private TimeSpan? Turn(TimeSpan longestWait)
    {
        lock (_gate)
        {
            var now = Now;
            if (_heldUntil - now > longestWait)
            {
                throw new ProviderException(ProviderFault.RateLimited, "the provider has asked not to be called before a later time")
                {
                    NotBefore = clock.GetUtcNow() + (_heldUntil - now),
                    ReachedProvider = false,
                };
            }

            while (_calls.TryPeek(out var first) && first + Window <= now)
                _calls.Dequeue();
            var free = _calls.Count < most ? now : _calls.Peek() + Window;
            var turn = TimeSpan.FromTicks(Math.Max(free.Ticks, Math.Max(_heldUntil.Ticks, _usedUpUntil.Ticks)));
            if (turn <= now)
            {
                _calls.Enqueue(now);
                return null;
            }

            // Timers count whole milliseconds, and may fire early by a part of one.
            return turn - now + TimeSpan.FromMilliseconds(1);
        }
    }
}
