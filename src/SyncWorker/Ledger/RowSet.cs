using Npgsql;
using Redbark.Sync.Worker.Outbox;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>The folded rows of one table on their way in, and what comes back about them.</summary>
internal abstract class RowSet
{
    public abstract bool IsEmpty { get; }

    /// <summary>Whether rows are left of which the upsert said nothing.</summary>
    public abstract bool HasQuiet { get; }

    public abstract void AddUpsert(NpgsqlBatch batch, DateTimeOffset now);

    public abstract Task ReadUpsertedAsync(NpgsqlDataReader reader, LedgerChanges changes, CancellationToken cancellation);

    public abstract void AddSame(NpgsqlBatch batch);

    public abstract Task ReadSameAsync(NpgsqlDataReader reader, CancellationToken cancellation);
}

/// <inheritdoc cref="RowSet"/>
internal sealed class RowSet<TRow>(RowTable<TRow> table, IEnumerable<Observation<TRow>> observations) : RowSet
{
    private readonly List<Observation<TRow>> _winners = Folding.Fold(observations);
    private readonly List<Observation<TRow>> _quiet = [];

    public override bool IsEmpty => _winners.Count == 0;

    public override bool HasQuiet => _quiet.Count > 0;

    public override void AddUpsert(NpgsqlBatch batch, DateTimeOffset now) => table.AddUpsert(batch, _winners, now);

    /// <summary>The rows that were written come back in the order in which they went in; those between them lost to what is there.</summary>
    public override async Task ReadUpsertedAsync(NpgsqlDataReader reader, LedgerChanges changes, CancellationToken cancellation)
    {
        var next = 0;
        while (await reader.ReadAsync(cancellation))
        {
            var (account, hash) = (reader.GetInt64(1), reader.GetGuid(2));
            while (_winners[next].AccountId != account || _winners[next].Precedence.ContentHash != hash)
                _quiet.Add(_winners[next++]);

            var winner = _winners[next++];
            // A newer observation of the same content keeps the delivery that first said it.
            if (reader.GetGuid(4) == winner.DeliveryId)
            {
                winner.End(RowFate.Applied);
                changes.Add(table.Name, reader.GetInt64(0), reader.GetInt32(3));
            }
            else
            {
                winner.End(RowFate.Unchanged);
            }
        }

        _quiet.AddRange(_winners[next..]);
    }

    public override void AddSame(NpgsqlBatch batch) => table.AddSame(batch, _quiet);

    public override async Task ReadSameAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        foreach (var row in _quiet)
            row.End(RowFate.Ignored, IgnoredReason.Stale);
        while (await reader.ReadAsync(cancellation))
            _quiet[reader.GetInt32(0)].End(RowFate.Unchanged);
    }
}
