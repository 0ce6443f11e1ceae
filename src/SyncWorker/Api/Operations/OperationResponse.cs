using System.ComponentModel;
using System.Text.Json;
using Redbark.Sync.Worker.Operations;
using Redbark.Sync.Worker.Operations.Kinds;

namespace Redbark.Sync.Worker.Api.Operations;

/// <summary>Long work that somebody asked for, and how far it is.</summary>
internal sealed record OperationResponse(
    [property: Description("The ledger's id.")] long Id,
    [property: Description("replay or backfill.")] string Kind,
    [property: Description("queued, running, done, failed (some of it, or all, could not be done) or cancelled.")] string State,
    [property: Description("Of a replay the first instant of receipt, of a backfill the first day.")] string From,
    [property: Description("Of a replay the end, itself not in it; null for when it was asked for. Of a backfill the last day.")] string? To,
    [property: Description("Of a replay: only deliveries of this feed.")] string? Feed,
    [property: Description("Of a replay: only deliveries of this type.")] string? Type,
    [property: Description("Of a replay: only deliveries of this status.")] string? Status,
    [property: Description("Of a backfill: the ledger's id of the account; null for all.")] long? AccountId,
    DateTime RequestedAt,
    string? RequestedBy,
    [property: Description("When somebody asked that it end.")] DateTime? CancelledAt,
    string? CancelledBy,
    DateTime? StartedAt,
    DateTime? ProgressedAt,
    DateTime? FinishedAt,
    [property: Description("Not gone on with before that.")] DateTime? NotBefore,
    [property: Description("Who has it, or had it last.")] string? Worker,
    [property: Description("Deliveries, or windows of an account; null until they were counted.")] long? Total,
    long Done,
    [property: Description("Steps a minute since it began; null before the first.")] double? PerMinute,
    [property: Description("Outcome to count.")] IReadOnlyDictionary<string, long> Counts,
    [property: Description("What it is at, or waits for.")] string? Doing,
    [property: Description("The first thing that could not be done.")] string? Error)
{
    public static OperationResponse Of(Operation operation)
    {
        var replay = operation.Kind == OperationKind.Replay ? JsonSerializer.Deserialize(operation.Request, OperationJson.Default.ReplayOrder) : null;
        var backfill = operation.Kind == OperationKind.Backfill ? JsonSerializer.Deserialize(operation.Request, OperationJson.Default.BackfillOrder) : null;
        return new OperationResponse(
            operation.Id, operation.Kind, operation.State, Instant(replay?.From) ?? $"{backfill?.From:yyyy-MM-dd}", replay is null ? $"{backfill?.To:yyyy-MM-dd}" : Instant(replay.To),
            replay?.Feed, replay?.Type, replay?.Status, backfill?.AccountId, operation.RequestedAt.UtcDateTime, operation.RequestedBy, operation.CancelledAt?.UtcDateTime,
            operation.CancelledBy, operation.StartedAt?.UtcDateTime, operation.ProgressedAt?.UtcDateTime, operation.FinishedAt?.UtcDateTime,
            operation.State == OperationState.Queued ? operation.NotBefore?.UtcDateTime : null, operation.Worker, operation.Total, operation.Done, PerMinuteOf(operation),
            JsonSerializer.Deserialize(operation.Counts, OperationJson.Default.DictionaryStringInt64)!, operation.Doing, operation.Error);
    }

    private static string? Instant(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", System.Globalization.CultureInfo.InvariantCulture);

    private static double? PerMinuteOf(Operation operation)
    {
        var took = operation.ProgressedAt - operation.StartedAt;
        return operation.Done > 0 && took is { TotalMilliseconds: > 0 } ? Math.Round(operation.Done / took.Value.TotalMinutes, 1) : null;
    }
}

/// <summary>Asks for deliveries to be applied again.</summary>
internal sealed record ReplayRequest(
    [property: Description("Received at this instant or later; a date is its start in UTC.")] string? From,
    [property: Description("Received before this instant; a date is included whole, in UTC. Now, where it is missing.")] string? To = null,
    [property: Description("The feed's name.")] string? Feed = null,
    [property: Description("The event's type, such as transactions.synced.")] string? Type = null,
    [property: Description("applied, duplicate, unreadable, unrecognised or parked.")] string? Status = null);

/// <summary>Asks for days of accounts to be read by REST.</summary>
internal sealed record BackfillRequest(
    [property: Description("The first booking date.")] string? From,
    [property: Description("The last booking date; today, where it is missing.")] string? To = null,
    [property: Description("The ledger's id of an account; all, where it is missing.")] long? AccountId = null);
