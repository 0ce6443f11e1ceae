namespace Redbark.Sync.Worker.Scheduling;

/// <summary>
/// Work that runs on a schedule, or now. A plain class: it knows no scheduler. It never runs twice at a time, on however many workers,
/// and may be run again at any moment.
/// </summary>
internal interface IScheduledJob
{
    /// <summary>Its name in <c>Schedule:{id}</c> and <c>/api/v1/jobs/{id}</c>: lower case with hyphens.</summary>
    string Id { get; }

    /// <summary>What it does, in one sentence.</summary>
    string Description { get; }

    /// <summary>Cron (five fields, UTC) where the settings name none.</summary>
    string DefaultCron { get; }

    /// <summary>Whether there is anything to do with the settings as they are; when there is not, why, in words that follow a colon.</summary>
    string? DisabledBecause => null;

    /// <summary>Does the work.</summary>
    /// <returns>What was done, in a few words for people: <c>12 accounts read, 1 failed</c>.</returns>
    /// <exception cref="Exception">It failed; the message says why.</exception>
    Task<string> RunAsync(CancellationToken cancellation);
}
