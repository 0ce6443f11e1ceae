using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

/// <summary>Spec 2.2 (the chain) and 7.4 (zones).</summary>
public sealed class BookingDateTests
{
    [Theory]
    [InlineData("\"2026-08-14\"", "\"2026-08-10\"", "\"2026-08-11\"", "2026-08-14")]
    [InlineData(null, "\"2026-08-10\"", "\"2026-08-11\"", "2026-08-10")]
    [InlineData("null", null, "\"2026-08-11\"", "2026-08-11")]
    [InlineData("\"\"", "\"\"", "\"2026-08-11T15:00:00Z\"", "2026-08-12")]
    [InlineData("\"0000-00-00\"", "\"2026-08-10\"", null, "2026-08-10")]
    [InlineData("\"0000-01-01\"", "\"2026-08-10\"", null, "2026-08-10")]
    [InlineData("\"0001-01-01\"", "\"2026-08-10\"", null, "2026-08-10")]
    [InlineData("\"9999-12-31\"", "\"2026-08-10\"", null, "2026-08-10")]
    [InlineData("\"2026-02-30\"", "\"2026-08-10\"", null, "2026-08-10")]
    [InlineData("\"2026-13-01\"", "\"2026-08-10\"", null, "2026-08-10")]
    [InlineData("\"14/08/2026\"", "\"2026-08-10\"", null, "2026-08-10")]
    [InlineData("20260814", "\"2026-08-10\"", null, "2026-08-10")]
    [InlineData("\"2024-02-29\"", null, null, "2024-02-29")]
    [InlineData("\"2025-02-29\"", "\"2025-02-31T00:00:00Z\"", "\"2025-03-01\"", "2025-03-01")]
    public void The_chain_of_dates_is_followed(string? localDate, string? transactionDate, string? postDate, string bookedOn) =>
        Assert.Equal(
            DateOnly.Parse(bookedOn),
            Samples.Row(("local_date", localDate), ("transaction_date", transactionDate), ("post_date", postDate)).BookedOn);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("\"0000-00-00\"", "\"0000-00-00T00:00:00Z\"", "\"soon\"")]
    [InlineData("\"2026-8-14\"", "\"2026-08-14T25:00:00Z\"", "\"2026-08-14T10:61:00Z\"")]
    [InlineData("[]", "{}", "true")]
    [InlineData("\"2026-08-14x\"", "\"2026-08-14T10:00:00+15:00\"", "0")]
    public void A_row_without_a_date_is_rejected(string? localDate, string? transactionDate, string? postDate) =>
        Assert.Equal(
            RowRejection.DateMissing,
            Samples.Rejection(("local_date", localDate), ("transaction_date", transactionDate), ("post_date", postDate)).Reason);

    [Theory]
    [InlineData("2026-08-31T17:18:00Z", "Australia/Sydney", "2026-09-01")]
    [InlineData("2026-08-31T17:18:00Z", "Australia/Perth", "2026-09-01")]
    [InlineData("2026-08-31T15:18:00Z", "Australia/Perth", "2026-08-31")]
    [InlineData("2026-08-31T17:18:00Z", "UTC", "2026-08-31")]
    [InlineData("2026-08-31T17:18:00Z", "America/New_York", "2026-08-31")]
    [InlineData("2026-08-31T23:18:00-10:00", "UTC", "2026-09-01")]
    [InlineData("2026-01-15T13:00:00Z", "Australia/Sydney", "2026-01-16")]
    [InlineData("2026-07-15T13:00:00Z", "Australia/Sydney", "2026-07-15")]
    public void An_instant_is_booked_on_its_day_in_the_zone_of_the_feed(string instant, string zone, string bookedOn) =>
        Assert.Equal(DateOnly.Parse(bookedOn), Samples.RowIn(zone, ("local_date", null), ("transaction_date", $"\"{instant}\"")).BookedOn);

    [Theory]
    [InlineData("\"2026-08-13T19:35:43Z\"", "2026-08-13T19:35:43.000000Z")]
    [InlineData("\"2026-08-13t19:35:43z\"", "2026-08-13T19:35:43.000000Z")]
    [InlineData("\"2026-08-13 19:35:43\"", "2026-08-13T19:35:43.000000Z")]
    [InlineData("\"2026-08-13T19:35Z\"", "2026-08-13T19:35:00.000000Z")]
    [InlineData("\"2026-08-13T19:35:43.5Z\"", "2026-08-13T19:35:43.500000Z")]
    [InlineData("\"2026-08-13T19:35:43.5660000Z\"", "2026-08-13T19:35:43.566000Z")]
    [InlineData("\"2026-08-13T19:35:43.5660004Z\"", "2026-08-13T19:35:43.566000Z")]
    [InlineData("\"2026-08-13T19:35:43.5660005Z\"", "2026-08-13T19:35:43.566001Z")]
    [InlineData("\"2026-08-13T19:35:43.566000499999999Z\"", "2026-08-13T19:35:43.566000Z")]
    [InlineData("\"2026-08-13T19:35:43.123456789Z\"", "2026-08-13T19:35:43.123457Z")]
    [InlineData("\"2026-08-13T23:59:59.9999999Z\"", "2026-08-14T00:00:00.000000Z")]
    [InlineData("\"2026-08-13T23:59:60Z\"", "2026-08-14T00:00:00.000000Z")]
    [InlineData("\"2026-08-14T05:35:43+10:00\"", "2026-08-13T19:35:43.000000Z")]
    [InlineData("\"2026-08-14T05:35:43+1000\"", "2026-08-13T19:35:43.000000Z")]
    [InlineData("\"2026-08-13T10:05:43-09:30\"", "2026-08-13T19:35:43.000000Z")]
    [InlineData("\"2026-08-13T10:35:43-09\"", "2026-08-13T19:35:43.000000Z")]
    [InlineData("1786649743", "2026-08-13T19:35:43.000000Z")]
    [InlineData("\"1786649743\"", "2026-08-13T19:35:43.000000Z")]
    [InlineData("1786649743566", "2026-08-13T19:35:43.566000Z")]
    [InlineData("1786649743.5", "2026-08-13T19:35:43.500000Z")]
    [InlineData("\"2026-08-13\"", null)]
    [InlineData("\"2026-08-13T19:35:43.Z\"", null)]
    [InlineData("\"2026-08-13T19:35:43 UTC\"", null)]
    [InlineData("\"2026-08-13T19\"", null)]
    [InlineData("\"2026-08-13T19:35:4\"", null)]
    [InlineData("20260813", null)]
    [InlineData("1e300", null)]
    [InlineData("\"9999-12-31T23:59:59.9999999Z\"", null)]
    public void The_instant_of_a_transaction_is_kept_to_the_microsecond(string json, string? instant)
    {
        var occurredAt = Samples.Row(("transaction_date", json)).OccurredAt;
        Assert.Equal(instant, occurredAt?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"));
        Assert.Equal(0, (occurredAt ?? default).Ticks % TimeSpan.TicksPerMicrosecond);
        Assert.Equal(TimeSpan.Zero, (occurredAt ?? default).Offset);
    }

    /// <summary>Spec 7.4, the trap: a bank that knows only a date sends midnight in Sydney, which in Perth is the evening before.</summary>
    [Theory]
    [InlineData("Australia/Perth", "2026-09-15", "2026-09-15T14:00:00.000Z", "2026-09-16T00:41:12.000Z", "posted", "2026-09-16")]
    [InlineData("Australia/Perth", "2026-01-15", "2026-01-15T13:00:00.000Z", "2026-01-16T00:41:12.000Z", "posted", "2026-01-16")]
    [InlineData("Australia/Perth", null, "2026-09-15T14:00:00.000Z", "2026-09-16T00:41:12.000Z", "posted", "2026-09-16")]
    [InlineData("Australia/Perth", "2026-09-15", "2026-09-15T14:00:00.000Z", "2026-09-16T00:41:12.000Z", "pending", "2026-09-15")]
    [InlineData("Australia/Perth", "2026-09-15", "2026-09-15T14:00:01.000Z", "2026-09-16T00:41:12.000Z", "posted", "2026-09-15")]
    [InlineData("Australia/Perth", "2026-09-15", "2026-09-15T14:00:00.000Z", "2026-09-17T00:41:12.000Z", "posted", "2026-09-15")]
    [InlineData("Australia/Perth", "2026-09-15", "2026-09-15T14:00:00.000Z", "2026-09-15T10:41:12.000Z", "posted", "2026-09-15")]
    [InlineData("Australia/Perth", "2026-01-15", "2026-01-15T14:00:00.000Z", "2026-01-16T00:41:12.000Z", "posted", "2026-01-15")]
    [InlineData("Australia/Sydney", "2026-09-16", "2026-09-15T14:00:00.000Z", "2026-09-17T00:41:12.000Z", "posted", "2026-09-16")]
    public void Midnight_in_sydney_is_booked_on_the_date_of_the_bank(
        string zone, string? localDate, string transactionDate, string postDate, string status, string bookedOn) => Assert.Equal(
            DateOnly.Parse(bookedOn),
            Samples.RowIn(zone, ("local_date", localDate is null ? null : $"\"{localDate}\""), ("transaction_date", $"\"{transactionDate}\""),
                ("post_date", $"\"{postDate}\""), ("status", $"\"{status}\"")).BookedOn);
}
