using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Settlement;

namespace Redbark.Sync.Worker.Api.Transactions;

/// <summary>Which transactions of an account are wanted; null for any.</summary>
internal sealed record TransactionFilter
{
    public const string Pending = "pending";
    public const string Posted = "posted";

    public static readonly string[] Statuses = [Pending, Posted];

    public static readonly string[] EffectiveStatuses = [Posted, Pending, SettledRow.Hold, SettledRow.Settled, SettledRow.Expired];

    /// <summary>First and last booking date.</summary>
    public DateOnly? From { get; init; }

    /// <inheritdoc cref="From"/>
    public DateOnly? To { get; init; }

    /// <summary>As the bank sent it.</summary>
    public string? Status { get; init; }

    /// <summary>What it counts as.</summary>
    public string? EffectiveStatus { get; init; }

    /// <summary>Part of the narration, the merchant or the reference, or the bank's id whole.</summary>
    public string? Text { get; init; }

    /// <summary>Least and most amount; negative is money out.</summary>
    public decimal? Min { get; init; }

    /// <inheritdoc cref="Min"/>
    public decimal? Max { get; init; }

    /// <summary>The provider's class, exactly.</summary>
    public string? Class { get; init; }

    public IQueryable<Entry> Apply(IQueryable<Entry> transactions)
    {
        if (From is { } from)
            transactions = transactions.Where(transaction => transaction.BookedOn >= from);
        if (To is { } to)
            transactions = transactions.Where(transaction => transaction.BookedOn <= to);
        if (Status is not null)
        {
            // A constant, for the partial index on pending ones.
            transactions = Status == Pending
                ? transactions.Where(transaction => transaction.Status == Pending)
                : transactions.Where(transaction => transaction.Status == Posted);
        }

        if (EffectiveStatus is { } effective)
        {
            transactions = effective == Pending
                ? transactions.Where(transaction => transaction.Status == Pending && transaction.EffectiveStatus == Pending)
                : transactions.Where(transaction => transaction.EffectiveStatus == effective);
        }

        if (Text is { } text)
        {
            var pattern = Like.Containing(text);
            transactions = transactions.Where(transaction =>
                EF.Functions.ILike(transaction.Description!, pattern, Like.Escape) || EF.Functions.ILike(transaction.MerchantName!, pattern, Like.Escape)
                || EF.Functions.ILike(transaction.Reference!, pattern, Like.Escape) || transaction.ExternalId == text);
        }

        if (Min is { } min)
            transactions = transactions.Where(transaction => transaction.Amount >= min);
        if (Max is { } max)
            transactions = transactions.Where(transaction => transaction.Amount <= max);
        if (Class is { } named)
            transactions = transactions.Where(transaction => transaction.Class == named);
        return transactions;
    }
}
