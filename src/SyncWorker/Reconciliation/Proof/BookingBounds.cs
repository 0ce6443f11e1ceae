using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>When the bank's figure took a row in, as well as the row tells.</summary>
/// <param name="Earliest">Not before.</param>
/// <param name="Latest">Not after.</param>
/// <param name="Likely">The best guess.</param>
internal readonly record struct BookingBounds(DateTimeOffset Earliest, DateTimeOffset Latest, DateTimeOffset Likely)
{
    // A date may be off by one (spec 7.4), and banks book a row whose post date they tell on that date or in the night after it.
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    // A row that tells only when it happened was booked within so many days: a weekend and a holiday.
    private static readonly TimeSpan LongestBooking = TimeSpan.FromDays(6);

    /// <param name="bookedOn">Booking date.</param>
    /// <param name="postedOn">The bank's post date, when the row has one.</param>
    /// <param name="occurredAt">The instant of the transaction, when the row has one.</param>
    /// <param name="seenAt">When it was first seen as posted: it was booked by then.</param>
    /// <param name="zone">The zone of the dates.</param>
    public static BookingBounds Of(DateOnly bookedOn, DateOnly? postedOn, DateTimeOffset? occurredAt, DateTimeOffset seenAt, TimeZoneInfo zone)
    {
        var day = Start(postedOn ?? bookedOn, zone);
        var earliest = postedOn is null && occurredAt is { } instant ? instant : Later(day - Slack, occurredAt);
        var latest = Earlier(day + Slack + (postedOn is null ? LongestBooking : Slack), seenAt);
        if (latest < earliest)
            earliest = latest;

        var likely = occurredAt is { } at && (postedOn is null || at.DayIn(zone) == postedOn) ? at : day + (Slack / 2);
        return new BookingBounds(earliest, latest, likely < earliest ? earliest : likely > latest ? latest : likely);
    }

    public static DateTimeOffset Start(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static DateTimeOffset Later(DateTimeOffset moment, DateTimeOffset? other) => other > moment ? other.Value : moment;

    private static DateTimeOffset Earlier(DateTimeOffset moment, DateTimeOffset other) => other < moment ? other : moment;
}
