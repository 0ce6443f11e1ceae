namespace Redbark.Sync.Wire.Rest;

/// <summary>What was read.</summary>
/// <param name="Rows">The usable rows, in the order in which they came; each once.</param>
/// <param name="Unusable">The others.</param>
/// <param name="NotOlderThan">The earliest time that the data may be from (UTC): the provider's cache may have answered (spec 5.1).</param>
public sealed record RestRead<T>(IReadOnlyList<T> Rows, IReadOnlyList<UnusableRow> Unusable, DateTimeOffset NotOlderThan)
{
    /// <summary>Days that hold more rows than one request can reach, and whose rows were read by paging on: some may be missing (spec 5.4).</summary>
    public IReadOnlyList<DateOnly> TruncatedDays { get; init; } = [];
}

/// <summary>A row that cannot be used, kept whole.</summary>
/// <param name="Reason">One of <see cref="Contracts.RowRejection"/>, or <see cref="OtherAccount"/>.</param>
/// <param name="Detail">Names the field, holds nothing else of the row.</param>
/// <param name="Id">Its id, when it has a usable one; of a balance, the account's.</param>
/// <param name="RawJson">Its text as it stood in the answer.</param>
public sealed record UnusableRow(string Reason, string Detail, string? Id, string RawJson)
{
    /// <summary>The row is of an account that was not asked for.</summary>
    public const string OtherAccount = "other_account";
}

/// <summary>The API is on its way out, as its headers say (spec 5.1).</summary>
/// <param name="Sunset">When it ends, if it says so (UTC).</param>
public sealed record RestDeprecation(DateTimeOffset? Sunset);
