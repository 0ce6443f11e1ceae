using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Api.Problems;

/// <summary>Reads the parameters of one request. A missing one is null; of those that cannot be used the first becomes <see cref="Problem"/>.</summary>
internal sealed class Parameters
{
    public const int MostItems = 1000;
    public const int UsualItems = 100;
    private const int LongestNote = 2000;
    private const string DayFormat = "yyyy-MM-dd";

    public ProblemHttpResult? Problem { get; private set; }

    public int Limit(string? value)
    {
        if (value is null)
            return UsualItems;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostItems)
            return limit;
        Refuse("limit", value, $"a number from 1 to {MostItems}");
        return UsualItems;
    }

    public TCursor? After<TCursor>(string? value) where TCursor : class, ICursor<TCursor>
    {
        if (value is null)
            return null;
        if (Cursor.TryRead<TCursor>(value, out var cursor))
            return cursor;
        Problem ??= ApiProblem.Cursor();
        return null;
    }

    public long? Number(string name, string? value)
    {
        if (value is null)
            return null;
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        Refuse(name, value, "a whole number");
        return null;
    }

    public decimal? Amount(string name, string? value)
    {
        if (value is null)
            return null;
        if (decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            return amount;
        Refuse(name, value, "an amount such as -45.50");
        return null;
    }

    public Guid? Uuid(string name, string? value)
    {
        if (value is null)
            return null;
        if (Guid.TryParseExact(value, "D", out var id))
            return id;
        Refuse(name, value, "a UUID");
        return null;
    }

    public DateOnly? Day(string name, string? value)
    {
        if (value is null)
            return null;
        if (DateOnly.TryParseExact(value, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        Refuse(name, value, "a date such as 2026-10-31");
        return null;
    }

    /// <summary>The start of a time span: an instant, or the first of a day in UTC.</summary>
    public DateTimeOffset? Since(string name, string? value) => Moment(name, value, day => day);

    /// <summary>The end of a time span, itself not in it: an instant, or the end of a day in UTC.</summary>
    public DateTimeOffset? Before(string name, string? value) =>
        Moment(name, value, day => day == DateTimeOffset.MaxValue.Date ? DateTimeOffset.MaxValue : day.AddDays(1));

    public bool? YesOrNo(string name, string? value)
    {
        if (value is null or "true" or "false")
            return value is null ? null : value == "true";
        Refuse(name, value, "true or false");
        return null;
    }

    public string? OneOf(string name, string? value, params ReadOnlySpan<string> allowed)
    {
        if (value is null || allowed.Contains(value))
            return value;
        Refuse(name, value, string.Join(", ", allowed[..^1]!) + " or " + allowed[^1]);
        return null;
    }

    /// <summary>Text to compare with. PostgreSQL holds neither NUL nor half a surrogate pair, so such a text is a mistake.</summary>
    public string? Literal(string name, string? value)
    {
        if (!Text.IsDirty(value))
            return value;
        Refuse(name, value, "text without NUL characters or lone surrogates");
        return null;
    }

    public string? Required(string name, string? value, string expected)
    {
        if (string.IsNullOrWhiteSpace(value))
            Refuse(name, value ?? "", expected);
        return value;
    }

    /// <summary>What a person writes.</summary>
    public string? Note(string name, string? value) => Literal(name, value, LongestNote);

    /// <summary>Text to compare with, or to keep, that is not long.</summary>
    public string? Literal(string name, string? value, int longest)
    {
        if (value is null || value.Length <= longest)
            return Literal(name, value);
        Refuse(name, value, $"at most {longest} characters");
        return null;
    }

    private DateTimeOffset? Moment(string name, string? value, Func<DateTimeOffset, DateTimeOffset> ofDay)
    {
        if (value is null)
            return null;
        if (DateOnly.TryParseExact(value, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return ofDay(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
        if (value.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return instant.ToUniversalTime();
        Refuse(name, value, "a date such as 2026-10-31 or an instant such as 2026-10-31T08:00:00Z");
        return null;
    }

    private void Refuse(string name, string found, string expected) => Problem ??= ApiProblem.Parameter(name, found, expected);
}
