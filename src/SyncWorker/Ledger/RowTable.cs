using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>One of the tables that deliveries write rows to, and the SQL that follows from its columns.</summary>
internal abstract class RowTable<TRow>
{
    private readonly string[] _columns;

    /// <param name="name">The table, <c>transactions</c>.</param>
    /// <param name="kind">One row of it, <c>transaction</c>.</param>
    /// <param name="precedence">The columns of <see cref="Precedence"/>, with <c>{0}</c> for the row's alias.</param>
    /// <param name="content">The bank's columns, in the order of <see cref="AddContent"/>.</param>
    protected RowTable(string name, string kind, string precedence, string[] content)
    {
        (Name, Kind, _columns) = (name, kind, content);
        Precedes = $"({string.Format(null, precedence, "n")}) > ({string.Format(null, precedence, "t")})";
        var columns = string.Join(", ", content);

        // The rows go in sorted, in one statement; what has changed is the only thing that comes back.
        UpsertSql = $"""
            INSERT INTO ledger.{name} AS t (account_id, external_id, observed_at, content_hash, delivery_id, revision, recorded_at, {columns})
            SELECT account_id, external_id, observed_at, content_hash, delivery_id, 1, $1, {columns}
            FROM unnest({string.Join(", ", Enumerable.Range(2, 5 + content.Length).Select(n => $"${n}"))})
                AS r (account_id, external_id, observed_at, content_hash, delivery_id, {columns})
            ON CONFLICT (account_id, external_id) DO UPDATE SET
                {string.Join(", ", content.Select(column => $"{column} = excluded.{column}"))},
                observed_at = excluded.observed_at, content_hash = excluded.content_hash,
                revision = CASE WHEN t.content_hash = excluded.content_hash THEN t.revision ELSE t.revision + 1 END,
                delivery_id = CASE WHEN t.content_hash = excluded.content_hash THEN t.delivery_id ELSE excluded.delivery_id END,
                recorded_at = CASE WHEN t.content_hash = excluded.content_hash THEN t.recorded_at ELSE excluded.recorded_at END
            WHERE {Precedes.Replace("n.", "excluded.", StringComparison.Ordinal)}
            RETURNING t.id, t.account_id, t.content_hash, t.revision, t.delivery_id
            """;

        SameSql = $"""
            SELECT r.n::int - 1 FROM unnest($1, $2, $3) WITH ORDINALITY AS r (account_id, external_id, content_hash, n)
            JOIN ledger.{name} t ON t.account_id = r.account_id AND t.external_id = r.external_id AND t.content_hash = r.content_hash
            """;
    }

    public string Name { get; }

    public string Kind { get; }

    /// <summary>The bank's columns.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>True in SQL where the row <c>n</c> wins over the row <c>t</c>.</summary>
    public string Precedes { get; }

    private string UpsertSql { get; }

    private string SameSql { get; }

    public abstract Observation<TRow> Observe(TRow row, DateTimeOffset observedAt, Guid deliveryId, ContentHash hash, long? quarantineId = null);

    public abstract string ToJson(TRow row);

    public abstract TRow FromJson(string json);

    /// <summary>Adds the statement that writes <paramref name="rows"/>, folded and sorted.</summary>
    public void AddUpsert(NpgsqlBatch batch, IReadOnlyList<Observation<TRow>> rows, DateTimeOffset now)
    {
        var command = batch.Add(UpsertSql)
            .With(now)
            .WithEach(rows, row => row.AccountId, NpgsqlDbType.Bigint)
            .WithEach(rows, row => row.ExternalId, NpgsqlDbType.Text)
            .WithEach(rows, row => row.Precedence.ObservedAt.UtcDateTime, NpgsqlDbType.TimestampTz)
            .WithEach(rows, row => row.Precedence.ContentHash, NpgsqlDbType.Uuid)
            .WithEach(rows, row => row.DeliveryId, NpgsqlDbType.Uuid);
        AddContent(command, rows);
    }

    /// <summary>Adds the question which of <paramref name="rows"/> say what the ledger holds; it answers their positions.</summary>
    public void AddSame(NpgsqlBatch batch, IReadOnlyList<Observation<TRow>> rows) => batch.Add(SameSql)
        .WithEach(rows, row => row.AccountId, NpgsqlDbType.Bigint)
        .WithEach(rows, row => row.ExternalId, NpgsqlDbType.Text)
        .WithEach(rows, row => row.Precedence.ContentHash, NpgsqlDbType.Uuid);

    protected abstract void AddContent(NpgsqlBatchCommand command, IReadOnlyList<Observation<TRow>> rows);
}
