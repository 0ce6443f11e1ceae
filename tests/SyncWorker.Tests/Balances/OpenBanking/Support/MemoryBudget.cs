using Redbark.Sync.Worker.Balances;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;

/// <summary>The budget's rules, in memory.</summary>
internal sealed class MemoryBudget(TimeProvider clock) : ICallBudget
{
    private readonly Dictionary<CallKey, List<DateTimeOffset>> _calls = [];
    private readonly Dictionary<CallKey, DateTimeOffset> _holds = [];

    public int Spent(CallKey key) => _calls.TryGetValue(key, out var calls) ? calls.Count : 0;

    public IReadOnlyDictionary<CallKey, DateTimeOffset> Holds => _holds;

    public Task<DateTimeOffset?> TakeAsync(CallKey key, int most, TimeSpan window, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? held = new[] { key, key with { AccountId = "", Endpoint = "" } }.Select(one => _holds.GetValueOrDefault(one)).Max();
        if (held > now)
            return Task.FromResult(held);
        var calls = _calls.TryGetValue(key, out var known) ? known : _calls[key] = [];
        calls.RemoveAll(call => call + window <= now);
        if (calls.Count >= most)
            return Task.FromResult<DateTimeOffset?>(calls[^most] + window);
        calls.Add(now);
        return Task.FromResult<DateTimeOffset?>(null);
    }

    public Task RefundAsync(CallKey key, CancellationToken cancellation)
    {
        _calls[key].RemoveAt(_calls[key].Count - 1);
        return Task.CompletedTask;
    }

    public Task HoldAsync(CallKey key, DateTimeOffset notBefore, CancellationToken cancellation)
    {
        _holds[key] = notBefore;
        return Task.CompletedTask;
    }
}

/// <summary>The newest refresh tokens, in memory.</summary>
internal sealed class MemoryRefreshTokens : IRefreshTokens
{
    public Dictionary<string, string> Stored { get; } = [];

    public async Task<T> RefreshAsync<T>(
        string provider, string connection, string configured, Func<string, Task<(T Result, string? Rotated)>> refresh, CancellationToken cancellation)
    {
        var (result, rotated) = await refresh(Stored.GetValueOrDefault($"{provider}/{connection}", configured));
        if (rotated is not null)
            Stored[$"{provider}/{connection}"] = rotated;
        return result;
    }
}
