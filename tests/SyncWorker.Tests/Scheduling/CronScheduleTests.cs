using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Tests.Scheduling;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("0 3 * * *", "2026-11-21T02:59:59Z", "2026-11-21T03:00:00Z")]
    [InlineData("0 3 * * *", "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z")]
    [InlineData("*/20 * * * *", "2026-11-21T10:41:00Z", "2026-11-21T11:00:00Z")]
    [InlineData("5-30/10 * * * *", "2026-11-21T10:20:00Z", "2026-11-21T10:25:00Z")]
    [InlineData("50/5 * * * *", "2026-11-21T10:20:00Z", "2026-11-21T10:50:00Z")]
    [InlineData("15 6,18 * * *", "2026-11-21T06:15:00Z", "2026-11-21T18:15:00Z")]
    [InlineData("0 0 29 2 *", "2026-11-21T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 31 * *", "2026-11-21T00:00:00Z", "2026-12-31T00:00:00Z")]
    [InlineData("30 4 * * MON-FRI", "2026-11-21T00:00:00Z", "2026-11-23T04:30:00Z")]
    [InlineData("0 0 * * 7", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z")]
    [InlineData("0 0 * * 0", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z")]
    [InlineData("0 0 1 jan,JUL *", "2026-11-21T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("*/15 * * * * *", "2026-11-21T10:20:14.5Z", "2026-11-21T10:20:15Z")]
    public void The_next_time_is_the_first_one_after(string cron, string after, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), CronSchedule.Parse(cron).Next(DateTimeOffset.Parse(after)));

    [Fact]
    public void The_time_before_and_the_time_after_have_none_between_them()
    {
        var field = Gen.Elements("*", "0", "5", "*/2", "1-5", "2,4");
        var day = Gen.OneOf(Gen.Elements("* *", "1 *", "15,31 *", "* 1", "* 0", "* 5-7").Select(days => days.Split(' ')));
        var cases =
            from seconds in Gen.Elements("", "0 ", "*/7 ", "59 ")
            from minutes in field
            from hours in field
            from days in day
            from months in Gen.Elements("*", "1", "*/3", "12")
            from offset in Gen.Choose(0, 400 * 86_400)
            select (Cron: $"{seconds}{minutes} {hours} {days[0]} {months} {days[1]}", At: new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(offset).AddMilliseconds(offset % 1000));
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var schedule = CronSchedule.Parse(example.Cron);
            var (before, after) = (schedule.Previous(example.At)!.Value, schedule.Next(example.At)!.Value);
            Assert.True(before <= example.At && example.At < after, $"{before:O} {after:O}");
            Assert.Equal(after, schedule.Next(before));
            Assert.Equal(before, schedule.Previous(after - TimeSpan.FromTicks(1)));
            Assert.Equal(after, schedule.Previous(after));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("", "found 0")]
    [InlineData("every day", "found 2")]
    [InlineData("60 * * * *", "minute: expected values from 0 to 59")]
    [InlineData("* 24 * * *", "hour: expected values from 0 to 23")]
    [InlineData("* * 0 * *", "day of the month: expected values from 1 to 31")]
    [InlineData("* * * 13 *", "month: expected values from 1 to 12")]
    [InlineData("* * * * 8", "day of the week: expected values from 0 to 7")]
    [InlineData("* * * * L", "day of the week")]
    [InlineData("*/0 * * * *", "minute")]
    [InlineData("5-1 * * * *", "minute")]
    [InlineData("1,,2 * * * *", "minute")]
    [InlineData("-1 * * * *", "minute")]
    [InlineData("61 * * * * *", "second: expected values from 0 to 59")]
    [InlineData("0 0 30 2 *", "a date that comes")]
    [InlineData("0 0 1 * 1", "not both")]
    public void What_cannot_be_used_is_refused_and_said(string cron, string expected)
    {
        var error = Assert.Throws<FormatException>(() => CronSchedule.Parse(cron));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
