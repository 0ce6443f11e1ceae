using Redbark.Sync.Worker.Api.Transactions;
using Redbark.Sync.Worker.Console.Components;
using Redbark.Sync.Worker.Console.Versions;

namespace Redbark.Sync.Worker.Console.Transactions;

/// <summary>Transactions as people read them.</summary>
internal static class TransactionWords
{
    public static string Kind(string effectiveStatus) => effectiveStatus switch { "posted" => "good", "pending" => "info", "hold" or "expired" => "warn", _ => "quiet" };

    public static string Meaning(string effectiveStatus) => effectiveStatus switch
    {
        "posted" => "It is part of the ledger's balance.",
        "pending" => "The bank has not booked it yet, so it is not part of the balance.",
        "hold" => "The bank sent it as posted, but it is a card hold, so it is not part of the balance.",
        "settled" => "Another row took its place, so it is not part of the balance.",
        _ => "Nothing settled it in time, so it is not part of the balance.",
    };

    public static string Text(TransactionResponse row) => First(row.Description, row.MerchantName, row.ExtendedDescription) ?? $"Row {row.Id}";

    /// <summary>What is written below the text: what it does not say already.</summary>
    public static string Under(TransactionResponse row) =>
        string.Join(" · ", ((string?[])[row.MerchantName, row.Reference]).Where(text => !string.IsNullOrWhiteSpace(text) && text != Text(row)));

    /// <summary>The fields of a version, in the order in which they are shown.</summary>
    public static IReadOnlyList<VersionField> Fields(TransactionRevision version) =>
    [
        new("Amount", $"{Figures.Grouped(version.Amount)} {version.Currency}"),
        new("Status", version.Status),
        new("Booked", version.BookedOn.ToString("yyyy-MM-dd")),
        new("Posted", version.PostedOn?.ToString("yyyy-MM-dd")),
        new("Happened", version.OccurredAt is { } at ? $"{at:yyyy-MM-dd HH:mm:ss} UTC" : null),
        new("Text", version.Description),
        new("More text", version.ExtendedDescription),
        new("Merchant", version.MerchantName),
        new("Category", version.Category),
        new("Own category", version.CustomCategory),
        new("Merchant category code", version.MerchantCategoryCode),
        new("Reference", version.Reference),
        new("Class", version.Class),
        new("The bank's id", version.ExternalId),
        new("Account", $"{version.AccountId}"),
    ];

    public static ShownVersion Shown(TransactionRevision version) =>
        new(version.Revision, version.ObservedAt, version.RecordedAt, version.SupersededAt, version.DeliveryId, version.Removed, Fields(version));

    private static string? First(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (!string.IsNullOrWhiteSpace(text))
                return text;
        }

        return null;
    }
}
