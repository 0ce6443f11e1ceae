using System.Diagnostics;
using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Telemetry;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>The ledger in PostgreSQL.</summary>
internal sealed partial class PostgresLedger(
    NpgsqlDataSource database, DatabaseReadiness readiness, Partitions partitions, OutboxSignal outbox, AccountSignal accounts, WorkerMetrics metrics, TimeProvider clock,
    ILogger<PostgresLedger> logger) : ILedger
{
    public Task<ApplyOutcome> ApplyAsync(IDelivered message, CancellationToken cancellation) => ApplyAsync(Intake.Of(message), cancellation);

    public Task<ApplyOutcome> ParkAsync(Delivery delivery, string error, CancellationToken cancellation) =>
        ApplyAsync(new Intake { Delivery = delivery, Status = DeliveryStatus.Parked, Error = error }, cancellation);

    public async Task<ApplyOutcome> ApplyAsync(Intake intake, CancellationToken cancellation)
    {
        using var activity = WorkerMetrics.Activities.StartActivity("ledger apply");
        activity?.SetTag("redbark.delivery.id", intake.Delivery.Id).SetTag("redbark.feed", intake.Delivery.Feed);

        await readiness.WaitAsync(cancellation);
        var started = clock.GetTimestamp();
        var outcome = await TryAsync(intake, cancellation);
        activity?.SetTag("redbark.status", outcome.Status).SetTag("redbark.rows", outcome.Rows).SetTag("redbark.rows.applied", outcome.Applied);
        metrics.DeliveryApplied(intake.Delivery.Feed, outcome, clock.GetElapsedTime(started));
        return outcome;
    }

    private async Task<ApplyOutcome> TryAsync(Intake intake, CancellationToken cancellation)
    {
        IReadOnlyList<AccountReference>? alone = null;
        for (var partitioned = false; ;)
        {
            try
            {
                (var outcome, alone) = await TryOnceAsync(intake, alone, cancellation);
                if (outcome is not null)
                    return outcome;
            }
            catch (PostgresException error) when (Partitions.IsMissing(error) && !partitioned)
            {
                partitioned = true;
                await partitions.EnsureAsync(intake.ReceivedAt, cancellation);
                await partitions.EnsureAsync(clock.GetUtcNow(), cancellation);
            }
        }
    }

    private async Task<(ApplyOutcome? Outcome, IReadOnlyList<AccountReference> MetNames)> TryOnceAsync(
        Intake intake, IReadOnlyList<AccountReference>? alone, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var application = new Application(connection, intake, alone, Now());
        var outcome = await application.RunAsync(cancellation);
        if (outcome is null)
            return (null, application.MetNames);

        using (WorkerMetrics.Activities.StartActivity("ledger commit"))
            await transaction.CommitAsync(cancellation);
        if (application.HasEvents)
            outbox.Wake();
        if (application.HasAccounts)
            accounts.Wake();
        foreach (var contradiction in application.Contradictions)
            Log.Contradiction(logger, intake.Delivery.Id, contradiction.ExternalId, contradiction.PublicId);
        return (outcome, []);
    }

    /// <summary>The database keeps microseconds.</summary>
    private DateTimeOffset Now()
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    // The same code as a failed CHECK, which has a name.
    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Delivery {Delivery}: account {ExternalId} and public id {PublicId} belong to different accounts by what came before; the account id decides")]
        public static partial void Contradiction(ILogger logger, Guid delivery, string? externalId, string? publicId);
    }
}
