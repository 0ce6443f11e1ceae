namespace Redbark.Sync.Simulator.Bank;

/// <summary>A login at one institution (spec 5.4).</summary>
public sealed record BankConnection
{
    /// <summary>The v1 id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The v2 id, <c>conn_…</c>.</summary>
    public required string PublicId { get; init; }

    /// <summary><c>fiskil</c>, <c>akahu</c> or <c>snaptrade</c>.</summary>
    public required string Provider { get; init; }

    /// <summary><c>banking</c> or <c>brokerage</c>.</summary>
    public required string Category { get; init; }

    /// <summary>Opaque; numeric for Fiskil.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>Display name of the institution.</summary>
    public required string InstitutionName { get; init; }

    /// <summary>URL, when there is one.</summary>
    public string? InstitutionLogo { get; init; }

    /// <summary><c>active</c>, <c>invalidated</c>, <c>pending_mfa</c> or <c>revoked</c>. Rows of others are frozen: the feed goes quiet (spec 8.11).</summary>
    public string Status { get; init; } = "active";

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the bank was last read.</summary>
    public DateTimeOffset? LastRefreshedAt { get; init; }

    /// <summary>True when trades and holdings stand in it, not transactions.</summary>
    public bool IsBrokerage => Category == "brokerage";
}
