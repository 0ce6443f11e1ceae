using System.ComponentModel;
using Redbark.Sync.Worker.Api.Transactions;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Settlements;

/// <summary>Two transactions that may be one payment.</summary>
internal sealed record SuggestionResponse(
    [property: Description("The ledger's id.")] long Id,
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("same_amount (but other words) or amount_differs (but the same payee, reference or instant).")] string Kind,
    [property: Description("What speaks for it and what against, for people.")] string Reason,
    [property: Description("0 to 100.")] int Score,
    [property: Description("The pending transaction, or the hold.")] TransactionResponse Pending,
    [property: Description("The posted one.")] TransactionResponse Posted,
    [property: Description("When it was first suggested.")] DateTime Since)
{
    public static SuggestionResponse Of(SuggestedPair pair) => new(
        pair.Suggestion.Id,
        pair.Suggestion.AccountId,
        pair.Suggestion.Kind,
        pair.Suggestion.Reason,
        pair.Suggestion.Score,
        TransactionResponse.Of(pair.Pending),
        TransactionResponse.Of(pair.Posted),
        pair.Suggestion.Since.UtcDateTime);
}

/// <summary>A suggestion and its rows.</summary>
internal sealed record SuggestedPair(SuggestedSettlement Suggestion, Entry Pending, Entry Posted);

/// <summary>Two transactions that a person said are one payment.</summary>
internal sealed record LinkResponse(
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("The transaction that no longer counts.")] TransactionResponse Pending,
    [property: Description("The posted one, which took its place.")] TransactionResponse Posted,
    [property: Description("Since when they are linked.")] DateTime Since)
{
    public static LinkResponse Of(LinkedPair pair) => new(
        pair.Link.AccountId, TransactionResponse.Of(pair.Pending), TransactionResponse.Of(pair.Posted), pair.Link.Since.UtcDateTime);
}

/// <summary>A link and its rows.</summary>
internal sealed record LinkedPair(StoredSettlement Link, Entry Pending, Entry Posted);

/// <summary>Two transactions that a person said are two payments.</summary>
internal sealed record RejectionResponse(
    [property: Description("The ledger's id of the account.")] long AccountId,
    [property: Description("The pending transaction, or the hold.")] TransactionResponse Pending,
    [property: Description("The posted one.")] TransactionResponse Posted,
    [property: Description("When it was said.")] DateTime RejectedAt,
    [property: Description("The person, or the key of the token, that said it.")] string By,
    [property: Description("Why, where it was told.")] string? Note)
{
    public static RejectionResponse Of(RejectedPair pair) => new(
        pair.Pending.AccountId, TransactionResponse.Of(pair.Pending), TransactionResponse.Of(pair.Posted), pair.Decision.DecidedAt.UtcDateTime, pair.Decision.DecidedBy, pair.Decision.Note);
}

/// <summary>A rejection and its rows.</summary>
internal sealed record RejectedPair(DecidedPair Decision, Entry Pending, Entry Posted);

/// <summary>What a person says to a decision.</summary>
internal sealed record NoteRequest([property: Description("Why; at most 2,000 characters.")] string? Note);
