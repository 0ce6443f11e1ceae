namespace Redbark.Sync.Worker.Balances;

/// <summary>Refresh tokens that a provider may exchange for new ones.</summary>
internal interface IRefreshTokens
{
    /// <summary>
    /// Runs <paramref name="refresh"/> alone, across workers, for this connection, with the newest stored refresh token, or with the
    /// configured one when none is stored. The one that it brings back is stored before this returns.
    /// </summary>
    Task<T> RefreshAsync<T>(
        string provider, string connection, string configured, Func<string, Task<(T Result, string? Rotated)>> refresh, CancellationToken cancellation);
}
