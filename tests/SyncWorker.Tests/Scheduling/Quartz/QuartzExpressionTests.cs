using Quartz;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Scheduling.Adapter;

namespace Redbark.Sync.Worker.Tests.Scheduling;

public sealed class QuartzExpressionTests
{
    [Theory]
    [InlineData("*/20 * * * *")]
    [InlineData("15 6,18 * * *")]
    [InlineData("0 0 29 2 *")]
    [InlineData("30 4 * * MON-FRI")]
    [InlineData("0 0 * * 0")]
    [InlineData("0 0 * * 5-7")]
    [InlineData("0 0 1 JAN,JUL *")]
    [InlineData("*/15 * * * * *")]
    public void Quartz_reads_a_schedule_as_we_do(string cron)
    {
        var schedule = CronSchedule.Parse(cron);
        var quartz = new CronExpression(QuartzScheduler.Expression(schedule), TimeZoneInfo.Utc);
        var at = new DateTimeOffset(2026, 11, 21, 10, 7, 3, TimeSpan.Zero);
        for (var n = 0; n < 20; n++)
        {
            Assert.Equal(schedule.Next(at), quartz.GetNextValidTimeAfter(at));
            at = schedule.Next(at)!.Value;
        }
    }
}
