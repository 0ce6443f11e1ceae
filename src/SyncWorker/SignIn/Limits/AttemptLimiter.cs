using System.Net;
using System.Net.Sockets;

namespace Redbark.Sync.Worker.SignIn.Limits;

/// <summary>
/// How often a wrong password may be tried: by one address, and by all together. Kept in memory, a process each, so that it holds while the
/// database is away; it cannot grow beyond <see cref="MostOfAll"/>.
/// </summary>
internal sealed class AttemptLimiter(TimeProvider clock)
{
    public const int MostOfOne = 5;
    public const int MostOfAll = 100;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly List<Attempt> _attempts = [];

    /// <summary>Counts an attempt before it is made, so that many at once do not all pass.</summary>
    /// <returns>The attempt, or how long to wait.</returns>
    public (Attempt? Allowed, TimeSpan Wait) Take(IPAddress? from)
    {
        var now = clock.GetUtcNow();
        var source = Source(from);
        lock (_gate)
        {
            _attempts.RemoveAll(attempt => attempt.At + Window <= now);
            var ofOne = _attempts.Where(attempt => attempt.From.Equals(source)).ToList();
            if (ofOne.Count >= MostOfOne)
                return (null, ofOne[0].At + Window - now);
            if (_attempts.Count >= MostOfAll)
                return (null, _attempts[0].At + Window - now);
            var allowed = new Attempt(source, now);
            _attempts.Add(allowed);
            return (allowed, TimeSpan.Zero);
        }
    }

    /// <summary>Takes an attempt back that was right.</summary>
    public void Forgive(Attempt attempt)
    {
        lock (_gate)
            _attempts.Remove(attempt);
    }

    // Who has one IPv6 address has the whole of its /64.
    private static IPAddress Source(IPAddress? from)
    {
        if (from is null)
            return IPAddress.None;
        if (from.IsIPv4MappedToIPv6)
            return from.MapToIPv4();
        if (from.AddressFamily != AddressFamily.InterNetworkV6)
            return from;
        var bytes = from.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    internal sealed class Attempt(IPAddress from, DateTimeOffset at)
    {
        public IPAddress From => from;

        public DateTimeOffset At => at;
    }
}
