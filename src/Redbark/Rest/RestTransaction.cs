using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Rest;

/// <summary>A row of <c>/v1/transactions</c> (spec 5.4). At least one of its dates and instants is there.</summary>
public sealed record RestTransaction
{
    /// <summary><c>id</c>: the raw id, equal to the webhook's (spec 7.1).</summary>
    public required string Id { get; init; }

    /// <summary><c>accountId</c>; a UUID in lower case.</summary>
    public required string AccountId { get; init; }

    /// <summary><c>accountName</c>.</summary>
    public string? AccountName { get; init; }

    /// <summary><c>status</c>.</summary>
    public required TransactionStatus Status { get; init; }

    /// <summary><c>amount</c>: major units, signed; negative is money out.</summary>
    public required decimal Amount { get; init; }

    /// <summary><c>currency</c>, which v1 does not send: three upper-case letters, or null for the account's own.</summary>
    public string? Currency { get; init; }

    /// <summary><c>date</c>, in the time zone of the Redbark account (spec 7.4).</summary>
    public DateOnly? Date { get; init; }

    /// <summary><c>datetime</c> (UTC).</summary>
    public DateTimeOffset? Datetime { get; init; }

    /// <summary><c>postDate</c>.</summary>
    public DateOnly? PostDate { get; init; }

    /// <summary><c>postDatetime</c> (UTC).</summary>
    public DateTimeOffset? PostDatetime { get; init; }

    /// <summary><c>description</c>.</summary>
    public string? Description { get; init; }

    /// <summary><c>direction</c>, verbatim; it does not contradict the sign of <see cref="Amount"/>.</summary>
    public string? Direction { get; init; }

    /// <summary><c>category</c>.</summary>
    public string? Category { get; init; }

    /// <summary><c>customCategory</c>.</summary>
    public string? CustomCategory { get; init; }

    /// <summary><c>merchantName</c>.</summary>
    public string? MerchantName { get; init; }

    /// <summary><c>merchantCategoryCode</c>.</summary>
    public string? MerchantCategoryCode { get; init; }
}

/// <summary>Which transactions to read. Both days count, in the time zone of the Redbark account.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="AccountId">One of its accounts.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="IncludePending">Asks for pending rows too; not every feed heeds it (spec 5.4).</param>
public sealed record RestTransactionQuery(string ConnectionId, string AccountId, DateOnly From, DateOnly To, bool IncludePending = false);
