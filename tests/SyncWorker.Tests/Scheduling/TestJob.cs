using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Tests.Scheduling;

/// <summary>A job that does what a test says. One may be given to several workers.</summary>
internal sealed class TestJob(Func<CancellationToken, Task<string>> work, string cron = TestJob.Yearly) : IScheduledJob
{
    /// <summary>So rarely that it does not come by itself while a test runs, unless that starts in a new year.</summary>
    public const string Yearly = "0 0 1 1 *";

    private int _runs;

    public TestJob(string cron = Yearly)
        : this(_ => Task.FromResult("done"), cron)
    {
    }

    public string Id => "test-job";

    public string Description => "Does what a test says.";

    public string DefaultCron => cron;

    public string? DisabledBecause { get; init; }

    /// <summary>How often it ran.</summary>
    public int Runs => Volatile.Read(ref _runs);

    public Task<string> RunAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _runs);
        return work(cancellation);
    }
}
