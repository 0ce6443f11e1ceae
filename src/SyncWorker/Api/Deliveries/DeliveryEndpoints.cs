using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Replay;

namespace Redbark.Sync.Worker.Api.Deliveries;

/// <summary><c>/deliveries</c></summary>
internal static class DeliveryEndpoints
{
    private const string Kind = "delivery";

    public static void MapDeliveries(this RouteGroupBuilder api)
    {
        var deliveries = api.MapGroup("/deliveries").WithTags("Deliveries");
        deliveries.MapGet("", ListAsync)
            .WithSummary("Lists the archived deliveries")
            .WithDescription("The newest first. Every signed request that was accepted is here, whatever was in it.")
            .ProducesProblem(400);
        deliveries.MapGet("/{id}", GetAsync)
            .WithSummary("Reads a delivery")
            .ProducesProblem(400).ProducesProblem(404);
        deliveries.MapGet("/{id}/body", GetBodyAsync)
            .WithSummary("Reads a delivery's body")
            .WithDescription("The exact bytes that were signed; for a duplicate those of the original, which are the same.")
            .Produces<byte[]>(200, "application/octet-stream")
            .ProducesProblem(400).ProducesProblem(404);
        deliveries.MapGet("/{id}/rows", RowsAsync)
            .WithSummary("Lists a delivery's rows and what each became")
            .WithDescription("In the order of the body, which is read again for it; looked up in the ledger as it stands now.")
            .ProducesProblem(400).ProducesProblem(404);
        deliveries.MapPost("/{id}/replay", ReplayAsync)
            .Audited(AuditAction.ReplayDelivery, "id")
            .WithSummary("Applies a delivery again from the archive")
            .WithDescription("""
                By the code of today: rows that have become usable leave quarantine; what the ledger holds already stays as it is. Answers
                the delivery as it now stands.
                """)
            .ProducesProblem(400).ProducesProblem(404);
    }

    public static async Task<Results<Ok<Page<DeliveryResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("The id of a delivery, of an event or of a sync run.")] string? search,
        [Description("The event's id.")] string? eventId,
        [Description("The id of a sync run.")] string? runId,
        [Description("The event's type, such as transactions.synced.")] string? type,
        [Description("applied, duplicate, unreadable, unrecognised or parked.")] string? status,
        [Description("The feed's name.")] string? feed,
        [Description("Received at this instant or later; a date is its start in UTC.")] string? from,
        [Description("Received before this instant; a date is included whole, in UTC.")] string? to,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        search = parameters.Literal(nameof(search), search);
        eventId = parameters.Literal(nameof(eventId), eventId);
        runId = parameters.Literal(nameof(runId), runId);
        type = parameters.Literal(nameof(type), type);
        status = parameters.OneOf(nameof(status), status,
            DeliveryStatus.Applied, DeliveryStatus.Duplicate, DeliveryStatus.Unreadable, DeliveryStatus.Unrecognised, DeliveryStatus.Parked);
        feed = parameters.Literal(nameof(feed), feed);
        var since = parameters.Since(nameof(from), from);
        var before = parameters.Before(nameof(to), to);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<DeliveryCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<ArchivedDelivery> deliveries = ledger.Deliveries;
        if (search is not null)
            deliveries = deliveries.WithAnyId(search);
        if (eventId is not null)
            deliveries = deliveries.Where(delivery => delivery.EventId == eventId);
        if (runId is not null)
            deliveries = deliveries.Where(delivery => delivery.RunId == runId);
        if (type is not null)
            deliveries = deliveries.Where(delivery => delivery.EventType == type);
        if (status is not null)
            deliveries = deliveries.Where(delivery => delivery.Status == status);
        if (feed is not null)
            deliveries = deliveries.Where(delivery => delivery.Feed == feed);
        if (since is not null)
            deliveries = deliveries.Where(delivery => delivery.ReceivedAt >= since);
        if (before is not null)
            deliveries = deliveries.Where(delivery => delivery.ReceivedAt < before);
        if (cursor is not null)
        {
            var receivedAt = new DateTimeOffset(cursor.ReceivedAt);
            deliveries = deliveries.Where(delivery => EF.Functions.LessThan(
                ValueTuple.Create(delivery.ReceivedAt, delivery.Id), ValueTuple.Create(receivedAt, cursor.Delivery)));
        }

        var rows = await deliveries
            .OrderByDescending(delivery => delivery.ReceivedAt).ThenByDescending(delivery => delivery.Id)
            .Take(most + 1).Select(DeliveryQueries.Response).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, row => row, row => new DeliveryCursor(row.ReceivedAt, row.Id)));
    }

    public static async Task<Results<Ok<DeliveryResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, [Description("The delivery's id.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var uuid = parameters.Uuid(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;

        var delivery = await ledger.Deliveries.WithId(uuid).Select(DeliveryQueries.Response).SingleOrDefaultAsync(cancellation);
        return delivery is null ? ApiProblem.Unknown(Kind, id) : TypedResults.Ok(delivery);
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetBodyAsync(
        LedgerDbContext ledger, HttpResponse response, [Description("The delivery's id.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var uuid = parameters.Uuid(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;

        if (await ReadBodyAsync(ledger, uuid, cancellation) is not { } exact)
            return ApiProblem.Unknown("delivery_body", id);

        // What a sender put there must not be rendered by a browser on this origin.
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.File(exact, "application/octet-stream", $"{uuid}.json");
    }

    public static async Task<Results<Ok<DeliveryResponse>, ProblemHttpResult>> ReplayAsync(
        Replayer replayer, LedgerDbContext ledger, [Description("The delivery's id.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var uuid = parameters.Uuid(nameof(id), id).GetValueOrDefault();
        if (parameters.Problem is { } problem)
            return problem;
        if (await replayer.ReplayAsync(uuid, cancellation) is null)
            return ApiProblem.Unknown(Kind, id);
        // It is applied, whether or not the caller still waits.
        return TypedResults.Ok(await ledger.Deliveries.WithId(uuid).Select(DeliveryQueries.Response).SingleAsync(CancellationToken.None));
    }

    public static async Task<Results<Ok<Page<DeliveryRowResponse>>, ProblemHttpResult>> RowsAsync(
        DeliveryRows rows,
        [Description("The delivery's id.")] string id,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var uuid = parameters.Uuid(nameof(id), id).GetValueOrDefault();
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;
        var last = cursor is null ? -1 : (int)Math.Clamp(cursor.Id, -1, int.MaxValue);
        return await rows.ReadAsync(uuid, most, last, cancellation) is { } page ? TypedResults.Ok(page) : ApiProblem.Unknown(Kind, id);
    }

    /// <summary>The exact bytes that were signed; null when they are not in the archive.</summary>
    public static async Task<byte[]?> ReadBodyAsync(LedgerDbContext ledger, Guid id, CancellationToken cancellation)
    {
        var archived = await FindBodyAsync(ledger, id, cancellation);
        if (archived is { DuplicateOf: { } original })
            archived = await FindBodyAsync(ledger, original, cancellation);
        return archived?.Body is { } body ? BodyStore.Unpack(new StoredBody(body, archived.BodyLength, archived.BodySha256)) : null;
    }

    private static Task<ArchivedBody?> FindBodyAsync(LedgerDbContext ledger, Guid id, CancellationToken cancellation) =>
        ledger.Deliveries.WithId(id)
            .Select(delivery => new ArchivedBody(delivery.DuplicateOf, delivery.Body, delivery.BodyLength, delivery.BodySha256))
            .SingleOrDefaultAsync(cancellation);

    private sealed record ArchivedBody(Guid? DuplicateOf, byte[]? Body, int BodyLength, string BodySha256);
}
