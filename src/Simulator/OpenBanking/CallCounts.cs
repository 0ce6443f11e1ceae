using System.Collections.Concurrent;

namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>What calls are counted by.</summary>
/// <param name="Endpoint"><c>token</c>, <c>accounts</c>, <c>balances</c>, …</param>
/// <param name="Account">The provider's account id; empty where the endpoint names none.</param>
/// <param name="Consent">The consent; empty where the call named none that is known.</param>
public readonly record struct CallKind(string Endpoint, string Account, string Consent);

/// <summary>Calls that arrived, answered or refused. Safe for concurrent use.</summary>
public sealed class CallCounts
{
    private readonly ConcurrentDictionary<CallKind, int> _counts = new();

    /// <summary>Every kind of call so far, and how many.</summary>
    public IReadOnlyDictionary<CallKind, int> All => new Dictionary<CallKind, int>(_counts);

    /// <summary>Calls of an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="account">Of this account only, when given.</param>
    /// <param name="consent">Under this consent only, when given.</param>
    public int Of(string endpoint, string? account = null, string? consent = null) =>
        _counts.Where(count => count.Key.Endpoint == endpoint && (account ?? count.Key.Account) == count.Key.Account && (consent ?? count.Key.Consent) == count.Key.Consent)
            .Sum(count => count.Value);

    internal void Add(CallKind kind) => _counts.AddOrUpdate(kind, 1, (_, count) => count + 1);
}
