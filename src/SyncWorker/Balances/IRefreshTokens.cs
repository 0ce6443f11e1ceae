namespace Redbark.Sync.Worker.Balances;

/// <summary>The newest refresh token of each connection.</summary>
internal interface IRefreshTokens
{
    /// <summary>
    /// Runs <paramref name="refresh"/> alone, across workers, for this connection, with the newest stored refresh token (or the
    /// <paramref name="configured"/> one); what it returns is stored before this returns.
    /// </summary>
    Task<T> RefreshAsync<T>(
        string provider, string connection, string configured, Func<string, Task<(T Result, string? Rotated)>> refresh, CancellationToken cancellation);
}
