using System.Globalization;
using Redbark.Sync.Worker.Api.Transactions;
using Redbark.Sync.Worker.Console.Components;

namespace Redbark.Sync.Worker.Console.Suggestions;

/// <summary>One thing that both rows of a pair say, side by side.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Pending">As the pending row says it.</param>
/// <param name="Posted">As the posted one does.</param>
/// <param name="Difference">How they differ, in a word or two; null where they agree.</param>
internal sealed record PairLine(string Name, string? Pending, string? Posted, string? Difference);

/// <summary>Two rows compared, for people.</summary>
internal static class PairView
{
    /// <summary>How much a score says.</summary>
    public static (string Kind, string Word) Confidence(int score) => score switch
    {
        >= 85 => ("good", "very likely one payment"),
        >= 70 => ("good", "likely one payment"),
        >= 55 => ("warn", "perhaps one payment"),
        _ => ("quiet", "a guess"),
    };

    public static string Title(string kind) => kind == "amount_differs" ? "The amounts differ" : "The same amount in other words";

    /// <summary>What the row is that the posted one may take the place of.</summary>
    public static string Before(TransactionResponse row) => row.Status == "pending" ? "Pending" : "Hold";

    /// <summary>What to look at.</summary>
    public static string Advice(string kind) => kind == "amount_differs"
        ? "A tip, a fuel pump, a hotel or an exchange rate can change an amount between the reservation and the booking. If this is that, accept."
        : "A shop's name on the reservation is often not the name on the booking. If you know that both are the same payment, accept.";

    public static List<PairLine> Lines(TransactionResponse pending, TransactionResponse posted)
    {
        List<PairLine> lines =
        [
            new("Booked", Day(pending.BookedOn), Day(posted.BookedOn), Days(posted.BookedOn.DayNumber - pending.BookedOn.DayNumber)),
            Text("Description", pending.Description, posted.Description),
            Text("More", pending.ExtendedDescription, posted.ExtendedDescription),
            Text("Merchant", pending.MerchantName, posted.MerchantName),
            Text("Reference", pending.Reference, posted.Reference),
            Text("Category", pending.Category, posted.Category),
            Text("Time", Instant(pending.OccurredAt), Instant(posted.OccurredAt)),
        ];
        lines.RemoveAll(line => line is { Pending: null, Posted: null });
        return lines;
    }

    /// <summary>By how much the posted row's amount is another.</summary>
    public static string? AmountDifference(TransactionResponse pending, TransactionResponse posted)
    {
        var difference = decimal.Parse(posted.Amount, CultureInfo.InvariantCulture) - decimal.Parse(pending.Amount, CultureInfo.InvariantCulture);
        return difference == 0 ? null : $"{(difference > 0 ? "+" : "")}{Figures.Grouped(difference.ToString(CultureInfo.InvariantCulture))}";
    }

    private static PairLine Text(string name, string? pending, string? posted) =>
        new(name, pending, posted, string.Equals(pending, posted, StringComparison.OrdinalIgnoreCase) || pending is null || posted is null ? null : "differs");

    private static string? Days(int days) => days switch
    {
        0 => null,
        1 => "a day later",
        -1 => "a day earlier",
        > 0 => $"{days} days later",
        _ => $"{-days} days earlier",
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Instant(DateTime? at) => at?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
