using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>What REST does beyond answering; every switch can be turned while it serves.</summary>
public sealed class RestFaults
{
    private readonly Lock _gate = new();
    private readonly List<(string Path, BodyFault Fault)> _bodies = [];
    private int _unavailable;

    /// <summary>Limits calls a minute and calls in flight (spec 5.1). Off by default: development should not wait.</summary>
    public bool RateLimits { get; set; }

    /// <summary>Keeps answers at the edge for their ages (spec 5.1): a read right after a webhook is stale.</summary>
    public bool Caches { get; set; }

    /// <summary>Answers every balance as null, as when the bank cannot be read (spec 5.4).</summary>
    public bool NullBalances { get; set; }

    /// <summary>Answers the balances of these accounts as null, by <see cref="BankAccount.Id"/>.</summary>
    public IReadOnlyCollection<Guid> NullBalancesOf { get; set; } = [];

    /// <summary>Refuses holdings and trades with 403 <c>professional_required</c> (spec 5.2).</summary>
    public bool ProfessionalRequired { get; set; }

    /// <summary>Leaves pending rows out even when they are asked for, as one live feed did (spec 5.4).</summary>
    public bool IgnoresIncludePending { get; set; }

    /// <summary>Leaves these rows out, though the balance counts them.</summary>
    public Func<BankTransaction, bool>? Hides { get; set; }

    /// <summary>A lower ceiling than <see cref="RestOptions.RowCeiling"/>.</summary>
    public int? RowCeiling { get; set; }

    /// <summary>Says of v1 that it is on its way out: <c>Deprecation</c>, <c>Sunset</c>, <c>Link</c> (spec 5.1).</summary>
    public bool Deprecated { get; set; }

    /// <summary>Where <see cref="BodyFault.Redirect"/> leads: another host.</summary>
    public Uri RedirectTo { get; set; } = new("https://elsewhere.example/");

    /// <summary>Waited in the middle of a body that is <see cref="BodyFault.Slow"/>; for ever when it is not set.</summary>
    public Func<CancellationToken, Task> HoldBody { get; set; } = cancellation => Task.Delay(Timeout.InfiniteTimeSpan, cancellation);

    /// <summary>Waited before each heavy answer, so that calls overlap.</summary>
    public Func<CancellationToken, Task>? HoldHeavy { get; set; }

    /// <summary>How many of the next calls are answered 503.</summary>
    public int Unavailable
    {
        get => Math.Max(0, Volatile.Read(ref _unavailable));
        set => Volatile.Write(ref _unavailable, value);
    }

    /// <summary>Answers the next calls of a path wrongly. Faults of one path come in the order in which they were ordered.</summary>
    /// <param name="fault">How.</param>
    /// <param name="path">Such as <c>/v1/balances</c>.</param>
    /// <param name="calls">How many calls.</param>
    public void Spoil(BodyFault fault, string path, int calls = 1)
    {
        lock (_gate)
        {
            _bodies.AddRange(Enumerable.Repeat((path, fault), calls));
        }
    }

    internal bool IsNull(BankAccount account) => NullBalances || NullBalancesOf.Contains(account.Id);

    internal BodyFault? TakeBody(string path)
    {
        lock (_gate)
        {
            var index = _bodies.FindIndex(body => body.Path == path);
            if (index < 0)
                return null;
            var fault = _bodies[index].Fault;
            _bodies.RemoveAt(index);
            return fault;
        }
    }

    internal bool TakeUnavailable() => Volatile.Read(ref _unavailable) > 0 && Interlocked.Decrement(ref _unavailable) >= 0;
}
