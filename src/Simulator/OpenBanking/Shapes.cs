using System.Collections.Concurrent;

namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>A shape for all accounts, and others for some. Safe for concurrent use.</summary>
/// <typeparam name="T">The shapes of one provider; its default is the truth.</typeparam>
public sealed class Shapes<T>
    where T : struct, Enum
{
    private readonly ConcurrentDictionary<string, T> _own = new(StringComparer.Ordinal);

    /// <summary>The shape of accounts that have none of their own.</summary>
    public T All { get; set; }

    /// <summary>The shape of one account.</summary>
    /// <param name="account">The provider's account id.</param>
    public T this[string account]
    {
        get => _own.TryGetValue(account, out var shape) ? shape : All;
        set => _own[account] = value;
    }

    /// <summary>Back to the truth.</summary>
    public void Clear()
    {
        _own.Clear();
        All = default;
    }
}
