namespace Redbark.Sync.Wire.Rest;

/// <summary>A row of <c>/v1/connections</c> (spec 5.4).</summary>
public sealed record RestConnection
{
    /// <summary><c>id</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>provider</c>: <c>fiskil</c>, <c>akahu</c>, <c>snaptrade</c>, <c>plaid</c>, …</summary>
    public string? Provider { get; init; }

    /// <summary><c>category</c>: <c>banking</c>, <c>brokerage</c>, …</summary>
    public string? Category { get; init; }

    /// <summary><c>institutionName</c>.</summary>
    public string? InstitutionName { get; init; }

    /// <summary><c>status</c>: <c>active</c>, <c>invalidated</c>, <c>pending_mfa</c>, <c>revoked</c>, …</summary>
    public string? Status { get; init; }

    /// <summary><c>lastRefreshedAt</c> (UTC).</summary>
    public DateTimeOffset? LastRefreshedAt { get; init; }

    /// <summary>True when its accounts hold securities: holdings and trades in place of balances and transactions.</summary>
    public bool IsBrokerage => string.Equals(Category, "brokerage", StringComparison.OrdinalIgnoreCase);
}
