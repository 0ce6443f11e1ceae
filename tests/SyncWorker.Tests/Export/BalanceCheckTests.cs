using Redbark.Sync.Worker.Export;

namespace Redbark.Sync.Worker.Tests.Export;

/// <summary>Which figures of the bank are a balance of the end of a day.</summary>
public sealed class BalanceCheckTests
{
    private static readonly DateOnly Monday = new(2026, 11, 2);
    private static readonly ExportedAccount Account = new(7, "key", "key", null, "Everyday", "AUD", null, TimeZoneInfo.FindSystemTimeZoneById("Australia/Sydney"), true);

    [Fact]
    public void A_figure_with_all_rows_of_its_day_is_asserted_at_the_end_of_that_day() =>
        Assert.Equal(["2026-11-02 60"], Checks([(60, At(Monday, 20))], (Monday, -40)));

    [Fact]
    public void A_figure_with_no_row_of_its_day_is_asserted_at_the_end_of_the_day_before() =>
        Assert.Equal(["2026-11-01 100"], Checks([(100, At(Monday, 8))], (Monday, -40)));

    [Fact]
    public void A_figure_between_two_rows_of_a_day_is_not_asserted() =>
        Assert.Empty(Checks([(60, At(Monday, 12))], (Monday, -40), (Monday, -5)));

    [Fact]
    public void Two_figures_of_a_day_may_be_of_two_ends_of_days() =>
        Assert.Equal(["2026-11-01 100", "2026-11-02 55"], Checks([(100, At(Monday, 8)), (60, At(Monday, 12)), (55, At(Monday, 20))], (Monday, -40), (Monday, -5)));

    [Fact]
    public void One_of_a_day_without_rows_is_asserted_once() =>
        Assert.Equal(["2026-11-02 60"], Checks([(60, At(Monday.AddDays(1), 9))], (Monday, -40), (Monday.AddDays(4), -1)));

    [Fact]
    public void The_day_is_that_of_the_account_not_of_UTC() =>
        Assert.Equal(["2026-11-02 60"], Checks([(60, new DateTimeOffset(2026, 11, 1, 20, 0, 0, TimeSpan.Zero))], (Monday, -40)));

    [Fact]
    public void One_that_nothing_equals_is_left_out() => Assert.Empty(Checks([(61, At(Monday, 20))], (Monday, -40)));

    [Fact]
    public void Nothing_is_asserted_outside_of_the_days_that_are_written()
    {
        var checks = new BalanceChecks(new Dictionary<long, ExportedAccount> { [7] = Account }, [new ProvedFigure(7, 0, At(Monday.AddDays(-9), 9)), new ProvedFigure(7, 0, At(Monday.AddDays(9), 9))], Monday, Monday.AddDays(2));
        Assert.Empty(checks.Before(null));
    }

    private static DateTimeOffset At(DateOnly day, int hour) => new(day, new TimeOnly(hour, 0), TimeSpan.FromHours(11));

    private static List<string> Checks((decimal Amount, DateTimeOffset At)[] figures, params (DateOnly Day, decimal Amount)[] rows)
    {
        var checks = new BalanceChecks(
            new Dictionary<long, ExportedAccount> { [7] = Account }, figures.Select(figure => new ProvedFigure(7, figure.Amount, figure.At)), Monday.AddDays(-1), DateOnly.MaxValue);
        checks.Add(7, "AUD", 100);
        var found = new List<BalanceCheck>();
        foreach (var (day, amount) in rows)
        {
            found.AddRange(checks.Before(day));
            checks.Add(7, "AUD", amount);
        }

        found.AddRange(checks.Before(null));
        return found.ConvertAll(check => FormattableString.Invariant($"{check.EndOf:yyyy-MM-dd} {check.Amount}"));
    }
}
