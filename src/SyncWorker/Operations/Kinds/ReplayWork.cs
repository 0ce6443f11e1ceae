using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Replay;

namespace Redbark.Sync.Worker.Operations.Kinds;

/// <summary>What is replayed: deliveries that were received from one instant to before another, and are like that. Without an end it is when it was asked for.</summary>
internal sealed record ReplayOrder(DateTimeOffset From, DateTimeOffset? To, string? Feed, string? Type, string? Status);

/// <summary>The delivery that was replayed last.</summary>
/// <param name="At">When it was received.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsRebuild">Whether the ledger was empty at the beginning.</param>
internal sealed record ReplayCursor(DateTimeOffset At, Guid Id, bool IsRebuild);

/// <summary>Applies archived deliveries again, in the order in which they came; a step is a delivery.</summary>
internal sealed class ReplayWork(Replayer replayer, IDbContextFactory<LedgerDbContext> contexts) : IOperationWork
{
    public string Kind => OperationKind.Replay;

    public async Task<Step> StepAsync(Operation operation, Progress progress, CancellationToken cancellation)
    {
        var order = JsonSerializer.Deserialize(operation.Request, OperationJson.Default.ReplayOrder)!;
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        // What comes meanwhile needs no replay.
        var deliveries = Of(context, order, before: order.To < operation.RequestedAt ? order.To.Value : operation.RequestedAt);
        if (progress.Cursor is null)
        {
            var isRebuild = await replayer.ModeAsync(cancellation) == IntakeMode.Rebuild;
            return new Step(progress with
            {
                Total = await deliveries.LongCountAsync(cancellation),
                Cursor = Write(new ReplayCursor(order.From, Guid.Empty, isRebuild)),
            });
        }

        var cursor = JsonSerializer.Deserialize(progress.Cursor, OperationJson.Default.ReplayCursor)!;
        var next = await deliveries
            .Where(delivery => EF.Functions.GreaterThan(ValueTuple.Create(delivery.ReceivedAt, delivery.Id), ValueTuple.Create(cursor.At, cursor.Id)))
            .OrderBy(delivery => delivery.ReceivedAt).ThenBy(delivery => delivery.Id)
            .Select(delivery => new { delivery.Id, delivery.ReceivedAt, delivery.ReplayedAt }).FirstOrDefaultAsync(cancellation);
        if (next is null)
            return new Step(progress, IsEnd: true);

        // After a crash the last steps come again: what was counted anew once is not counted anew twice.
        var mode = cursor.IsRebuild && !(next.ReplayedAt >= operation.StartedAt) ? IntakeMode.Rebuild : IntakeMode.Replay;
        progress = await ReplayAsync(next.Id, mode, progress, cancellation);
        return new Step(progress with
        {
            Cursor = Write(cursor with { At = next.ReceivedAt, Id = next.Id }),
            Done = progress.Done + 1,
            Doing = $"at deliveries of {next.ReceivedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}",
        });
    }

    private async Task<Progress> ReplayAsync(Guid id, IntakeMode mode, Progress progress, CancellationToken cancellation)
    {
        try
        {
            return await replayer.ReplayAsync(id, mode, cancellation) is { } outcome
                ? progress.Counted(outcome.Status).Counted("rows applied", outcome.Applied).Counted("rows unchanged", outcome.Unchanged)
                    .Counted("rows quarantined", outcome.Quarantined).Counted("rows ignored", outcome.Ignored)
                : progress.Counted("gone");
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && !TransientFaults.IsTransient(error))
        {
            // One delivery's trouble is not the others'.
            return progress.Failed($"Delivery {id}: {error.Message}");
        }
    }

    private static IQueryable<ArchivedDelivery> Of(LedgerDbContext context, ReplayOrder order, DateTimeOffset before)
    {
        var deliveries = context.Deliveries.Where(delivery => delivery.ReceivedAt >= order.From && delivery.ReceivedAt < before);
        if (order.Feed is { } feed)
            deliveries = deliveries.Where(delivery => delivery.Feed == feed);
        if (order.Type is { } type)
            deliveries = deliveries.Where(delivery => delivery.EventType == type);
        if (order.Status is { } status)
            deliveries = deliveries.Where(delivery => delivery.Status == status);
        return deliveries;
    }

    private static string Write(ReplayCursor cursor) => JsonSerializer.Serialize(cursor, OperationJson.Default.ReplayCursor);
}
