using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Gaps.Reading;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Gaps.Store;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Replay;

namespace Redbark.Sync.Worker.Gaps.Sources;

/// <summary>Gaps of sync runs of which chunks did not come.</summary>
internal sealed class ChunkGaps(
    NpgsqlDataSource database, IDbContextFactory<LedgerDbContext> contexts, GapStore gaps, IOptions<GapOptions> options, TimeProvider clock) : IGapSource
{
    /// <summary>Rows of a run may be booked a little before those that came.</summary>
    private const int DaysBefore = 2;

    /// <summary>So few rows say nothing of where the others are.</summary>
    private const int FewRows = 100;

    public async Task<List<FoundGap>> FindAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var now = clock.GetUtcNow();
        var recorded = await gaps.RecordedAsync(GapKind.MissingChunk, cancellation);
        var found = new List<FoundGap>();
        foreach (var part in await MissingChunks.ReadAsync(connection, now, cancellation))
        {
            var known = recorded.GetValueOrDefault(part.Key);
            if (part.Missing.Length == 0)
            {
                if (known is { ClosedAt: null })
                    await gaps.CloseAsync(known, GapState.Healed, "the missing chunks came after all", cancellation);
                continue;
            }

            if (part.Type is EventTypes.TransactionsSynced or EventTypes.TradesSynced && part.LastAt + options.Value.ChunkGrace <= now && (known is null || known.AsOf < part.LastAt))
                found.Add(await ChunksOfAsync(connection, part, cancellation));
        }

        return found;
    }

    private async Task<FoundGap> ChunksOfAsync(NpgsqlConnection connection, RunPart part, CancellationToken cancellation)
    {
        var (rows, first, zone) = await BookedAsync(await MissingChunks.DeliveriesAsync(connection, part, cancellation), cancellation);
        var runDay = part.LastAt.DayIn(zone);

        // Sorted by day, what came says nothing of a first or a last chunk.
        var tells = first is not null && rows >= FewRows && !part.Missing.Contains(1) && !part.Missing.Contains(part.Total.GetValueOrDefault());
        var from = tells ? first!.Value.AddDays(-DaysBefore) : Earlier(first?.AddDays(-DaysBefore), runDay.AddDays(-options.Value.FirstRunDays));
        if (await MissingChunks.FirstDayBeforeAsync(connection, part, cancellation) is { } start && from < start)
            from = start;
        return new FoundGap
        {
            Kind = GapKind.MissingChunk,
            Key = part.Key,
            Feed = part.Feed,
            RunId = part.RunId,
            Type = part.Type,
            MissingChunks = part.Missing,
            From = Earlier(from, runDay),
            To = runDay.AddDays(1),
            AsOf = part.LastAt,
        };
    }

    /// <summary>How many rows deliveries hold, the first day of them, and the feed's zone.</summary>
    private async Task<(int Rows, DateOnly? First, TimeZoneInfo Zone)> BookedAsync(IEnumerable<Guid> deliveries, CancellationToken cancellation)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellation);
        var (rows, first, zone) = (0, (DateOnly?)null, TimeZoneInfo.Utc);
        foreach (var id in deliveries)
        {
            if (await ArchiveQueries.FindAsync(context, id, cancellation) is not { } archived)
                continue;
            zone = TimeZoneInfo.FindSystemTimeZoneById(archived.TimeZone);
            foreach (var day in Days(ArchivedMessage.Read(archived, await ArchiveQueries.BodyAsync(context, archived, cancellation))))
            {
                rows++;
                first = Earlier(first, day);
            }
        }

        return (rows, first, zone);
    }

    private static IEnumerable<DateOnly> Days(IDelivered message) => message switch
    {
        TransactionsDelivered transactions => transactions.Rows.Select(row => row.BookedOn),
        TradesDelivered trades => trades.Rows.Select(row => row.TradedOn),
        _ => [],
    };

    private static DateOnly Earlier(DateOnly? one, DateOnly other) => one < other ? one.Value : other;
}
