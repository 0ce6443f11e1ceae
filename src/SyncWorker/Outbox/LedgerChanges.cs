using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Outbox;

/// <summary>What one database transaction changed: the new revisions, by table.</summary>
internal sealed class LedgerChanges
{
    private readonly SortedDictionary<string, List<(long Id, int Revision)>> _bySubject = new(StringComparer.Ordinal);

    public bool Any => _bySubject.Count > 0;

    public void Add(string table, long id, int revision)
    {
        if (!_bySubject.TryGetValue(table, out var changes))
            _bySubject.Add(table, changes = []);
        changes.Add((id, revision));
    }

    /// <summary>Adds the entries from which the relay tells the changes.</summary>
    public void AddEntries(NpgsqlBatch batch, DateTimeOffset now)
    {
        foreach (var (subject, changes) in _bySubject)
        {
            batch.Add("INSERT INTO ledger.outbox (subject, ids, revisions, recorded_at) VALUES ($1, $2, $3, $4)")
                .With(subject)
                .WithEach(changes, change => change.Id, NpgsqlDbType.Bigint)
                .WithEach(changes, change => change.Revision, NpgsqlDbType.Integer)
                .With(now);
        }
    }
}
