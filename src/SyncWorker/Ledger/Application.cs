using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Quarantine;
using Redbark.Sync.Worker.Runs;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>
/// One attempt to apply one delivery, inside one database transaction: look, settle the accounts, write the rows, record what came of
/// them. In the usual case that is three round trips and a commit, whatever the number of rows.
/// </summary>
/// <param name="connection">In a transaction that the caller commits when there is an outcome.</param>
/// <param name="intake">The delivery.</param>
/// <param name="alone">
/// Null while the accounts are expected to stay what they are: then other deliveries work on them at the same time. Otherwise the names
/// to keep others off, besides the delivery's own: all that the accounts are known by, or one that is named differently would slip in.
/// </param>
/// <param name="now">The time of recording.</param>
internal sealed class Application(NpgsqlConnection connection, Intake intake, IReadOnlyList<AccountReference>? alone, DateTimeOffset now)
{
    private readonly ContentHash _hash = new();
    private readonly LedgerChanges _changes = new();
    private readonly List<Observation<TransactionRow>> _transactions = [];
    private readonly List<Observation<TradeRow>> _trades = [];
    private readonly List<BadRow> _bad = [];
    private readonly Dictionary<long, WaitingRow> _woken = [];
    private Findings _found = new();
    private AccountBook _book = new([]);
    private DeliveryRecord? _duplicateOf;
    private bool _wasApplied;

    /// <summary>Whether it names accounts, which others keep up to date then.</summary>
    public bool HasAccounts => _book.Named.Count > 0;

    /// <summary>Contradictions between the accounts' ids.</summary>
    public IReadOnlyList<AccountReference> Contradictions => _book.Contradictions;

    public bool HasEvents => _changes.Any;

    /// <summary>All names of the accounts that were met.</summary>
    public IReadOnlyList<AccountReference> MetNames { get; private set; } = [];

    /// <summary>What came of the delivery, or null when it must be tried again alone, because an account changes.</summary>
    public async Task<ApplyOutcome?> RunAsync(CancellationToken cancellation)
    {
        var references = intake.Accounts.ToList();
        AccountReference[] held = [.. references, .. alone ?? []];
        _found = await Findings.LookAsync(connection, intake, held, alone is not null, _hash, cancellation);
        MetNames = [.. _found.Accounts.Select(account => account.Names)];
        if (intake.Mode == IntakeMode.Fresh && _found.Same is { } already)
            return already.ToOutcome();
        if (intake.Mode != IntakeMode.Fresh && _found.Same is null)
            throw new InvalidOperationException($"Delivery {intake.Delivery.Id} is not in the archive.");

        _duplicateOf = _found.OfEvent.Find(other => other.BodySha256 == intake.Delivery.Body.Sha256);
        _wasApplied = intake.Mode == IntakeMode.Fresh
            ? _duplicateOf?.Status is DeliveryStatus.Applied or DeliveryStatus.Duplicate
            : _found.Same!.Status is DeliveryStatus.Duplicate;

        _book = new AccountBook(_found.Accounts);
        _book.Adopt(references);
        if (!_wasApplied)
            Observe();
        if (_book.IsChanged && (alone is null || !AreHeld(MetNames, held)))
            return null;

        if (_book.IsChanged)
            await ChangeAccountsAsync(cancellation);
        SettleCurrencies(_transactions, TransactionTable.Instance);
        SettleCurrencies(_trades, TradeTable.Instance);
        await WriteRowsAsync(cancellation);
        return await RecordAsync(cancellation);
    }

    private static bool AreHeld(IReadOnlyList<AccountReference> names, AccountReference[] held)
    {
        var externalIds = held.Select(account => account.ExternalId).ToHashSet();
        var publicIds = held.Select(account => account.PublicId).ToHashSet();
        return names.All(name => (name.ExternalId is null || externalIds.Contains(name.ExternalId)) && (name.PublicId is null || publicIds.Contains(name.PublicId)));
    }

    private void Observe()
    {
        foreach (var row in intake.Transactions.Where(row => IsWanted(row.Index)))
        {
            var observation = TransactionTable.Instance.Observe(row, intake.ObservedAt, intake.Delivery.Id, _hash);
            var account = _book[observation.Account];
            account.ObserveName(observation.Account.Name, intake.ObservedAt);
            // A trade's currency is the security's; only transactions tell the account's.
            account.ObserveCurrency(observation.OwnCurrency, intake.ObservedAt);
            _transactions.Add(observation);
        }

        foreach (var row in intake.Trades.Where(row => IsWanted(row.Index)))
        {
            var observation = TradeTable.Instance.Observe(row, intake.ObservedAt, intake.Delivery.Id, _hash);
            _book[observation.Account].ObserveName(observation.Account.Name, intake.ObservedAt);
            _trades.Add(observation);
        }

        _bad.AddRange(intake.Rejected.Where(row => IsWanted(row.Index)).Select(row => BadRow.From(row, intake.Kind, intake.Delivery.Feed, _hash)));
    }

    // What somebody dropped from quarantine stays dropped.
    private bool IsWanted(int index) => !(_found.Quarantined.TryGetValue(index, out var item) && item.Dropped);

    private async Task ChangeAccountsAsync(CancellationToken cancellation)
    {
        await AccountStore.SaveAsync(connection, _book, new AccountChange(intake.Delivery.Id, intake.ReceivedAt, now, _changes), cancellation);

        var known = _book.Named.Where(account => account.Currency is not null).Select(account => account.Id).ToList();
        foreach (var waiting in await QuarantineStore.WaitingAsync(connection, known, cancellation))
        {
            // A replay brings the row itself.
            if (waiting.DeliveryId == intake.Delivery.Id)
                continue;
            _woken.Add(waiting.Id, waiting);
            if (waiting.Kind == TransactionTable.Instance.Kind)
                _transactions.Add(Wake(waiting, TransactionTable.Instance));
            else
                _trades.Add(Wake(waiting, TradeTable.Instance));
        }
    }

    private Observation<TRow> Wake<TRow>(WaitingRow waiting, RowTable<TRow> table) =>
        table.Observe(table.FromJson(waiting.Parsed), waiting.ObservedAt, waiting.DeliveryId, _hash, waiting.Id);

    private void SettleCurrencies<TRow>(List<Observation<TRow>> rows, RowTable<TRow> table)
    {
        foreach (var row in rows)
        {
            var account = _book[row.Account];
            (row.AccountId, row.Currency) = (account.Id, row.OwnCurrency ?? account.Currency);
            if (row.Currency is null)
                _bad.Add(BadRow.Waiting(row, table, RawRows.Find(intake.Delivery.Body, row.Index) ?? table.ToJson(row.Row), _hash));
        }

        rows.RemoveAll(row => row.Currency is null);
    }

    private async Task WriteRowsAsync(CancellationToken cancellation)
    {
        RowSet[] sets = [new RowSet<TransactionRow>(TransactionTable.Instance, _transactions), new RowSet<TradeRow>(TradeTable.Instance, _trades)];
        sets = Array.FindAll(sets, set => !set.IsEmpty);
        // A row that was applied once is not taken into quarantine by a replay, should its reading have become stricter.
        var quarantining = _bad.Count > 0 && !IsSettled;

        await using (var batch = new NpgsqlBatch(connection))
        {
            foreach (var set in sets)
                set.AddUpsert(batch, now);
            if (quarantining)
                QuarantineStore.AddInsert(batch, _bad, intake.Delivery.Id, intake.ReceivedAt, now);
            if (batch.BatchCommands.Count == 0)
                return;

            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            foreach (var set in sets)
            {
                await set.ReadUpsertedAsync(reader, _changes, cancellation);
                await reader.NextResultAsync(cancellation);
            }

            if (quarantining)
                await ReadQuarantinedAsync(reader, cancellation);
        }

        sets = Array.FindAll(sets, set => set.HasQuiet);
        if (sets.Length == 0)
            return;
        await using var look = new NpgsqlBatch(connection);
        foreach (var set in sets)
            set.AddSame(look);
        await using var same = await look.ExecuteReaderAsync(cancellation);
        foreach (var set in sets)
        {
            await set.ReadSameAsync(same, cancellation);
            await same.NextResultAsync(cancellation);
        }
    }

    private async Task ReadQuarantinedAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var taken = new HashSet<int>();
        while (await reader.ReadAsync(cancellation))
            taken.Add(reader.GetInt32(0));
        foreach (var row in _bad.Where(row => !taken.Contains(row.Index)))
            row.Ignore();
    }

    // A replay only moves on what is said of its rows; a duplicate has none of its own.
    private bool IsSettled => intake.Mode != IntakeMode.Fresh
        && (_wasApplied || (intake.Mode == IntakeMode.Replay && _found.Same!.Status is DeliveryStatus.Applied));

    private async Task<ApplyOutcome> RecordAsync(CancellationToken cancellation)
    {
        var own = _transactions.Concat<Observation>(_trades).Where(row => row.QuarantineId is null).ToList();
        await using var batch = new NpgsqlBatch(connection);
        if (_woken.Count > 0)
            await ReleaseWokenAsync(batch, cancellation);
        var released = own.Where(row => _found.Quarantined.ContainsKey(row.Index)).ToList();
        if (released.Count > 0)
            QuarantineStore.AddResolve(batch, [.. released.Select(row => _found.Quarantined[row.Index].Id)], "replayed", now);
        if (_book.Named.Count > 0)
        {
            AccountStore.AddTouch(batch, _book.Named, intake.ReceivedAt);
            AccountChanges.Add(batch, [.. _book.Named.Select(account => account.Id)]);
        }

        var record = new DeliveryRecord
        {
            Id = intake.Delivery.Id,
            ReceivedAt = intake.ReceivedAt,
            BodySha256 = intake.Delivery.Body.Sha256,
            EventId = DeliveryArchive.EventIdOf(intake.Delivery),
            Status = IsSettled ? _found.Same!.Status : Repeats ? DeliveryStatus.Duplicate : intake.Status,
            DuplicateOf = intake.Mode == IntakeMode.Fresh ? _duplicateOf?.BodyOf : _found.Same!.DuplicateOf,
            ConflictsWith = intake.Mode == IntakeMode.Fresh
                ? _found.OfEvent.Find(other => other.BodySha256 != intake.Delivery.Body.Sha256)?.Id
                : _found.Same!.ConflictsWith,
            Counts = Count(own, released),
        };
        OncePending.Add(batch, _transactions);
        RunStore.Add(batch, intake.Delivery, intake.ReceivedAt, intake.RowCount);
        if (intake.Mode == IntakeMode.Fresh)
            DeliveryArchive.AddInsert(batch, intake.Delivery, record, intake.Error, now);
        else
            DeliveryArchive.AddReplayed(batch, intake.Delivery, record, intake.Error, now);
        _changes.AddEntries(batch, now);
        await batch.ExecuteAsync(cancellation);
        return record.ToOutcome();
    }

    // The same event with the same bytes, of which there is no more to be made than the first time.
    private bool Repeats => intake.Mode == IntakeMode.Fresh && (_wasApplied || (_duplicateOf is not null && intake.Status != DeliveryStatus.Parked && _duplicateOf.Status == intake.Status));

    private RowCounts Count(List<Observation> own, List<Observation> released)
    {
        if (IsSettled)
        {
            var counts = _found.Same!.Counts;
            foreach (var row in released)
                counts.Release(row.Fate, row.Reason);
            return counts;
        }

        var fresh = new RowCounts();
        if (_wasApplied)
        {
            fresh.Add(RowFate.Unchanged, null, intake.Transactions.Count + intake.Trades.Count);
            fresh.Add(RowFate.Ignored, IgnoredReason.DuplicateDelivery, intake.Rejected.Count);
            return fresh;
        }

        foreach (var row in own)
            fresh.Add(row.Fate, row.Reason);
        foreach (var row in _bad)
            fresh.Add(row.Fate, row.IgnoredFor);
        fresh.Add(RowFate.Ignored, IgnoredReason.Dropped, intake.RowCount - own.Count - _bad.Count);
        return fresh;
    }

    /// <summary>Rows that waited for this delivery's news of a currency leave quarantine, and are counted in their own deliveries.</summary>
    private async Task ReleaseWokenAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        QuarantineStore.AddResolve(batch, _woken.Keys, "the account's currency became known", now);
        var fates = _transactions.Concat<Observation>(_trades).Where(row => row.QuarantineId is not null).ToLookup(row => row.DeliveryId);
        foreach (var origin in _woken.Values.Select(waiting => (waiting.DeliveryReceivedAt, waiting.DeliveryId)).Distinct().Order())
        {
            var record = await DeliveryArchive.LockAsync(connection, origin.DeliveryReceivedAt, origin.DeliveryId, cancellation);
            foreach (var row in fates[origin.DeliveryId])
                record?.Counts.Release(row.Fate, row.Reason);
            if (record is not null)
                DeliveryArchive.AddRecount(batch, record);
        }
    }
}
