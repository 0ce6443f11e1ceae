namespace Redbark.Sync.Wire.Rest;

/// <summary>A row of <c>/v1/accounts</c> (spec 5.4).</summary>
public sealed record RestAccount
{
    /// <summary><c>id</c>: the <c>account_id</c> of webhook rows; a UUID in lower case.</summary>
    public required string Id { get; init; }

    /// <summary><c>connectionId</c>.</summary>
    public required string ConnectionId { get; init; }

    /// <summary><c>provider</c>.</summary>
    public string? Provider { get; init; }

    /// <summary><c>name</c>; not unique.</summary>
    public string? Name { get; init; }

    /// <summary><c>type</c>: <c>transaction</c>, <c>savings</c>, <c>credit-card</c>, <c>loan</c>, … an open list.</summary>
    public string? Type { get; init; }

    /// <summary><c>institutionName</c>.</summary>
    public string? InstitutionName { get; init; }

    /// <summary><c>accountNumber</c>, masked.</summary>
    public string? AccountNumber { get; init; }

    /// <summary><c>currency</c>: three upper-case letters; null for anything else.</summary>
    public string? Currency { get; init; }
}
