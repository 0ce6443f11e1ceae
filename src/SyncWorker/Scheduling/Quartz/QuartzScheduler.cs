using Npgsql;
using Quartz;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>Keeps Quartz's jobs and triggers the same as the plans.</summary>
internal sealed class QuartzScheduler(ISchedulerFactory factory, NpgsqlDataSource database) : IJobScheduler
{
    public const string Schema = "quartz";
    private const string Group = "redbark";

    private IScheduler? _scheduler;

    // Quartz rolls back a transaction by the very token that cancelled it, which fails, and forgets a scheduler that it was making. So a
    // stop waits for the step that is under way, which is short, and what was made is shut down.
    public async Task StartAsync(IReadOnlyList<JobPlan> plans, CancellationToken cancellation)
    {
        if (_scheduler is null)
        {
            await MakeSchemaAsync(cancellation);
            _scheduler = await factory.GetScheduler(CancellationToken.None);
        }

        foreach (var key in await _scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(Group), CancellationToken.None))
        {
            cancellation.ThrowIfCancellationRequested();
            if (plans.All(plan => plan.Id != key.Name))
                await _scheduler.DeleteJob(key, CancellationToken.None);
        }

        foreach (var plan in plans)
        {
            cancellation.ThrowIfCancellationRequested();
            var job = JobBuilder.Create<DueJob>().WithIdentity(plan.Id, Group).WithDescription(plan.Job.Description).Build();
            var trigger = TriggerBuilder.Create().WithIdentity(plan.Id, Group)
                .WithSchedule(CronScheduleBuilder.Create(Expression(plan.Schedule!)).InTimeZone(TimeZoneInfo.Utc)
                    .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
                .Build();
            await _scheduler.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing, CancellationToken.None);
        }

        cancellation.ThrowIfCancellationRequested();
        await _scheduler.Start(CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_scheduler is not null)
            await _scheduler.Shutdown(waitForJobsToComplete: true, cancellation);
    }

    /// <summary>Quartz's dialect: one of the two days is a question mark, and Sunday is 1.</summary>
    internal static string Expression(CronSchedule schedule)
    {
        var (seconds, minutes, hours, months) = schedule.Lists;
        var days = schedule.RestrictsDays ? string.Join(',', schedule.Days.Values) : schedule.RestrictsWeekdays ? "?" : "*";
        var weekdays = schedule.RestrictsWeekdays ? string.Join(',', schedule.Weekdays.Values.Select(day => day % 7 + 1).Distinct().Order()) : "?";
        return $"{seconds} {minutes} {hours} {days} {months} {weekdays}";
    }

    // Quartz makes its tables, but not the schema they are in; and several workers may start at once.
    private async Task MakeSchemaAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var make = new NpgsqlBatch(connection);
        make.Add("SELECT pg_advisory_xact_lock(hashtextextended('ledger.scheduler', 0))");
        make.Add($"CREATE SCHEMA IF NOT EXISTS {Schema}");
        await make.ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
