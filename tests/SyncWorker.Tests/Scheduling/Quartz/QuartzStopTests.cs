using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;
using Redbark.Sync.Worker.Scheduling.Adapter;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Scheduling;

public sealed class QuartzStopTests
{
    [Fact]
    public async Task A_stop_while_Quartz_is_being_made_lets_it_end_its_step_and_shuts_down_what_was_made()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        await using var worker = await JobWorker.StartAsync(database.ConnectionString, new TestJob(), scheduled: false);
        using var stop = new CancellationTokenSource();
        var factory = new StoppedFactory(worker.Host.Services.GetRequiredService<ISchedulerFactory>(), stop);
        var scheduler = new QuartzScheduler(factory, worker.Host.Services.GetRequiredService<NpgsqlDataSource>());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scheduler.StartAsync([worker.Plan], stop.Token));
        await scheduler.StopAsync(CancellationToken.None);

        Assert.NotNull(factory.Made);
        Assert.Equal(SchedulerStatus.Shutdown, factory.Made.Status);
        Assert.False(factory.Token.CanBeCanceled, "Quartz logs an error when it cannot roll back what is cancelled.");
        Assert.Equal("", worker.Host.Logs.Errors);
    }

    /// <summary>The stop comes while the scheduler is being made.</summary>
    private sealed class StoppedFactory(ISchedulerFactory inner, CancellationTokenSource stop) : ISchedulerFactory
    {
        public IScheduler? Made { get; private set; }

        public CancellationToken Token { get; private set; }

        public async ValueTask<IScheduler> GetScheduler(CancellationToken cancellationToken = default)
        {
            await stop.CancelAsync();
            Token = cancellationToken;
            return Made = await inner.GetScheduler(cancellationToken);
        }

        public ValueTask<List<IScheduler>> GetAllSchedulers(CancellationToken cancellationToken = default) => inner.GetAllSchedulers(cancellationToken);

        public ValueTask<IScheduler?> LookupScheduler(string schedulerName, CancellationToken cancellationToken = default) => inner.LookupScheduler(schedulerName, cancellationToken);
    }
}
