using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>An item of quarantine, with what was decided about it.</summary>
internal sealed record DecidedItem
{
    private const string Columns = "q.id, q.delivery_id, q.delivery_received_at, q.row_index, q.origin, q.kind, q.row_hash, q.state, q.fate, q.seen_at";

    public required long Id { get; init; }
    public required Guid DeliveryId { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required int RowIndex { get; init; }
    public required RowOrigin Origin { get; init; }
    public required string Kind { get; init; }
    public required Guid RowHash { get; init; }
    public required string State { get; init; }
    public string? Fate { get; init; }
    public DateTimeOffset? SeenAt { get; init; }
    public string? CorrectedJson { get; private init; }
    public DateTimeOffset DecidedAt { get; private init; }
    public (Guid Hash, DateTimeOffset ObservedAt)? Former { get; private init; }

    /// <summary>How its delivery counts it.</summary>
    public (RowFate Fate, string? Reason) CountedAs => (State, Fate) switch
    {
        ("dropped", _) => (RowFate.Ignored, IgnoredReason.Dropped),
        (_, "applied") => (RowFate.Applied, null),
        (_, "unchanged") => (RowFate.Unchanged, null),
        var (_, reason) => (RowFate.Ignored, reason),
    };

    /// <summary>Reads an item and keeps everybody from deciding, and from applying rows that are decided about.</summary>
    public static async Task<DecidedItem?> LockAsync(NpgsqlConnection connection, long id, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        DecisionStore.AddLock(batch, alone: true);
        batch
            .Add($"""
                SELECT {Columns}, d.corrected_json, d.decided_at, d.former_hash, d.former_observed_at
                FROM ledger.quarantine q LEFT JOIN ledger.quarantine_decisions d ON d.row_hash = q.row_hash WHERE q.id = $1
                """)
            .With(id);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        return Read(reader) with
        {
            CorrectedJson = reader.Value<string>(10),
            DecidedAt = reader.Time(11) ?? default,
            Former = reader.Number<Guid>(12) is { } hash ? (hash, reader.GetFieldValue<DateTimeOffset>(13)) : null,
        };
    }

    /// <summary>The items of the same row in other deliveries, which the same decision let in.</summary>
    public async Task<List<DecidedItem>> OthersAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add($"SELECT {Columns} FROM ledger.quarantine q WHERE row_hash = $1 AND id <> $2 AND fate IS NOT NULL ORDER BY id").With(RowHash).With(Id);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var others = new List<DecidedItem>();
        while (await reader.ReadAsync(cancellation))
            others.Add(Read(reader));
        return others;
    }

    private static DecidedItem Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        DeliveryId = reader.GetGuid(1),
        ReceivedAt = reader.GetFieldValue<DateTimeOffset>(2),
        RowIndex = reader.GetInt32(3),
        Origin = reader.GetString(4) == "new" ? RowOrigin.New : RowOrigin.Updated,
        Kind = reader.GetString(5),
        RowHash = reader.GetGuid(6),
        State = reader.GetString(7),
        Fate = reader.Value<string>(8),
        SeenAt = reader.Time(9),
    };
}
