using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Quarantine;
using Redbark.Sync.Worker.Quarantine.Decisions;
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
    private readonly List<Observation> _dropped = [];
    // The accounts that the delivery itself tells of, by more than a correction.
    private readonly HashSet<AccountState> _spokenOf = [];
    private readonly Dictionary<long, WaitingRow> _woken = [];
    private Intake _intake = intake;
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
    /// <exception cref="NotOpenException">The row that is being decided about is not open any more.</exception>
    public async Task<ApplyOutcome?> RunAsync(CancellationToken cancellation)
    {
        if (DecidedRows.MayExist(_intake))
            _intake = await DecidedRows.LookAsync(connection, _intake, _hash, cancellation);
        var references = _intake.Accounts.ToList();
        AccountReference[] held = [.. references, .. alone ?? []];
        _found = await Findings.LookAsync(connection, _intake, held, alone is not null, _hash, cancellation);
        MetNames = [.. _found.Accounts.Select(account => account.Names)];
        if (_intake.Mode == IntakeMode.Fresh && _found.Same is { } already)
            return already.ToOutcome();
        if (_intake.Mode != IntakeMode.Fresh && _found.Same is null)
            throw new InvalidOperationException($"Delivery {_intake.Delivery.Id} is not in the archive.");

        if (_intake.Deciding is { } deciding && !_found.Quarantined.ContainsKey(deciding.RowIndex))
            throw new NotOpenException();

        _duplicateOf = _found.OfEvent.Find(other => other.BodySha256 == _intake.Delivery.Body.Sha256);
        _wasApplied = _intake.Mode == IntakeMode.Fresh
            ? _duplicateOf?.Status is DeliveryStatus.Applied or DeliveryStatus.Duplicate
            : _found.Same!.Status is DeliveryStatus.Duplicate;

        _book = new AccountBook(_found.Accounts);
        _book.Adopt(references);
        _spokenOf.UnionWith(_intake.Transactions.Where(row => !IsCorrected(row.Index)).Select(row => _book[Text.Clean(row.Account)]));
        _spokenOf.UnionWith(_intake.Trades.Where(row => !IsCorrected(row.Index)).Select(row => _book[Text.Clean(row.Account)]));
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
        foreach (var row in _intake.Transactions)
        {
            var observation = TransactionTable.Instance.Observe(row, ObservedAt(row.Index), _intake.Delivery.Id, _hash);
            // A trade's currency is the security's; only transactions tell the account's.
            Tell(observation, observation.OwnCurrency);
            Sort(observation, _transactions);
        }

        foreach (var row in _intake.Trades)
        {
            var observation = TradeTable.Instance.Observe(row, ObservedAt(row.Index), _intake.Delivery.Id, _hash);
            Tell(observation, accountCurrency: null);
            Sort(observation, _trades);
        }

        _bad.AddRange(_intake.Rejected.Select(row => BadRow.From(row, _intake.Kind, _intake.Delivery.Feed, _hash) with { Dropped = DropOf(row.Index) }));
    }

    // A correction stands for the newest delivery that holds the row as it was sent.
    private DateTimeOffset ObservedAt(int index) =>
        IsCorrected(index) && _found.Quarantined.TryGetValue(index, out var item) && item.SeenAt > _intake.ObservedAt ? item.SeenAt.Value : _intake.ObservedAt;

    /// <summary>What a row tells of its account. A correction tells of its row alone, so that it can be taken back.</summary>
    private void Tell(Observation row, string? accountCurrency)
    {
        if (IsCorrected(row.Index))
            return;
        var account = _book[row.Account];
        account.ObserveName(row.Account.Name, _intake.ObservedAt);
        account.ObserveCurrency(accountCurrency, _intake.ObservedAt);
    }

    // What somebody dropped from quarantine stays dropped.
    private void Sort<TRow>(Observation<TRow> row, List<Observation<TRow>> rows)
    {
        if (DropOf(row.Index) is null)
            rows.Add(row);
        else
            _dropped.Add(row);
    }

    private bool IsCorrected(int index) => _intake.Decided.TryGetValue(index, out var decision) && !decision.IsDrop;

    private RowDecision? DropOf(int index) => _intake.Decided.TryGetValue(index, out var decision) && decision.IsDrop ? decision : null;

    private async Task ChangeAccountsAsync(CancellationToken cancellation)
    {
        await AccountStore.SaveAsync(connection, _book, new AccountChange(_intake.Delivery.Id, _intake.ReceivedAt, now, _changes), cancellation);

        var known = _book.Named.Where(account => account.Currency is not null).Select(account => account.Id).ToList();
        foreach (var waiting in await QuarantineStore.WaitingAsync(connection, known, cancellation))
        {
            // A replay brings the row itself.
            if (waiting.DeliveryId == _intake.Delivery.Id)
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
                _bad.Add(BadRow.Waiting(row, table, RawRows.Find(_intake.Delivery.Body, row.Index) ?? table.ToJson(row.Row), _hash));
        }

        rows.RemoveAll(row => row.Currency is null);

        // One that was dropped while it waited stays dropped, whether or not its currency is known by now.
        foreach (var row in _dropped.OfType<Observation<TRow>>())
        {
            row.AccountId = _book[row.Account].Id;
            _bad.Add(BadRow.Waiting(row, table, RawRows.Find(_intake.Delivery.Body, row.Index) ?? table.ToJson(row.Row), _hash) with { Dropped = DropOf(row.Index) });
        }
    }

    private async Task WriteRowsAsync(CancellationToken cancellation)
    {
        RowSet[] sets = [new RowSet<TransactionRow>(TransactionTable.Instance, _transactions), new RowSet<TradeRow>(TradeTable.Instance, _trades)];
        sets = Array.FindAll(sets, set => !set.IsEmpty);
        // A row that was applied once is not taken into quarantine by a replay, should its reading have become stricter.
        var quarantining = _bad.Count > 0 && !IsSettled;

        if (_intake.Deciding is { } deciding)
            await KeepFormerAsync(deciding, cancellation);
        await using (var batch = new NpgsqlBatch(connection))
        {
            foreach (var set in sets)
                set.AddUpsert(batch, now);
            if (quarantining)
            {
                QuarantineStore.AddInsert(batch, _bad, _intake.Delivery.Id, _intake.ReceivedAt, _intake.ObservedAt, now);
                QuarantineStore.AddSeen(batch, _bad, _intake.ObservedAt);
            }

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

    private async Task KeepFormerAsync(RowDecision deciding, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var row in _transactions.Where(row => row.QuarantineId is null && row.Index == deciding.RowIndex))
            DecisionStore.AddFormer(batch, deciding.RowHash, TransactionTable.Instance.Name, row.AccountId, row.ExternalId);
        foreach (var row in _trades.Where(row => row.QuarantineId is null && row.Index == deciding.RowIndex))
            DecisionStore.AddFormer(batch, deciding.RowHash, TradeTable.Instance.Name, row.AccountId, row.ExternalId);
        await batch.ExecuteAsync(cancellation);
    }

    private async Task ReadQuarantinedAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var taken = new HashSet<int>();
        while (await reader.ReadAsync(cancellation))
            taken.Add(reader.GetInt32(0));
        foreach (var row in _bad)
        {
            if (taken.Contains(row.Index))
                row.Take();
            else
                row.Ignore();
        }
    }

    // A replay only moves on what is said of its rows; a duplicate has none of its own.
    private bool IsSettled => _intake.Mode != IntakeMode.Fresh
        && (_wasApplied || (_intake.Mode == IntakeMode.Replay && _found.Same!.Status is DeliveryStatus.Applied));

    private async Task<ApplyOutcome> RecordAsync(CancellationToken cancellation)
    {
        var own = _transactions.Concat<Observation>(_trades).Where(row => row.QuarantineId is null).ToList();
        await using var batch = new NpgsqlBatch(connection);
        if (_woken.Count > 0)
            await ReleaseWokenAsync(batch, cancellation);
        var released = own.Where(row => _found.Quarantined.ContainsKey(row.Index)).ToList();
        if (released.Exists(row => !IsCorrected(row.Index)))
            QuarantineStore.AddResolve(batch, [.. released.Where(row => !IsCorrected(row.Index)).Select(row => _found.Quarantined[row.Index].Id)], "replayed", now);
        foreach (var row in released.Where(row => IsCorrected(row.Index)))
            QuarantineStore.AddResolveCorrected(batch, _found.Quarantined[row.Index].Id, _intake.Decided[row.Index], row.Reason ?? FateName(row.Fate), now);
        if (!IsSettled && !_wasApplied && own.Exists(row => IsCorrected(row.Index) && !_found.Quarantined.ContainsKey(row.Index)))
            QuarantineStore.AddCorrected(batch, [.. own.Where(row => IsCorrected(row.Index)).Select(Corrected)], _intake.Delivery.Id, _intake.ReceivedAt, _intake.ObservedAt, now);
        if (_book.Named.Count > 0)
        {
            if (_spokenOf.Count > 0)
                AccountStore.AddTouch(batch, _spokenOf, _intake.ReceivedAt);
            AccountChanges.Add(batch, [.. _book.Named.Select(account => account.Id)]);
        }

        var record = new DeliveryRecord
        {
            Id = _intake.Delivery.Id,
            ReceivedAt = _intake.ReceivedAt,
            BodySha256 = _intake.Delivery.Body.Sha256,
            EventId = DeliveryArchive.EventIdOf(_intake.Delivery),
            Status = IsSettled ? _found.Same!.Status : Repeats ? DeliveryStatus.Duplicate : _intake.Status,
            DuplicateOf = _intake.Mode == IntakeMode.Fresh ? _duplicateOf?.BodyOf : _found.Same!.DuplicateOf,
            ConflictsWith = _intake.Mode == IntakeMode.Fresh
                ? _found.OfEvent.Find(other => other.BodySha256 != _intake.Delivery.Body.Sha256)?.Id
                : _found.Same!.ConflictsWith,
            Counts = Count(own, released),
        };
        OncePending.Add(batch, _transactions);
        RunStore.Add(batch, _intake.Delivery, _intake.ReceivedAt, _intake.RowCount);
        if (_intake.Mode == IntakeMode.Fresh)
            DeliveryArchive.AddInsert(batch, _intake.Delivery, record, _intake.Error, now);
        else
            DeliveryArchive.AddReplayed(batch, _intake.Delivery, record, _intake.Error, now);
        _changes.AddEntries(batch, now);
        await batch.ExecuteAsync(cancellation);
        return record.ToOutcome();
    }

    // The same event with the same bytes, of which there is no more to be made than the first time.
    private bool Repeats => _intake.Mode == IntakeMode.Fresh && (_wasApplied || (_duplicateOf is not null && _intake.Status != DeliveryStatus.Parked && _duplicateOf.Status == _intake.Status));

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
            fresh.Add(RowFate.Unchanged, null, _intake.Transactions.Count + _intake.Trades.Count);
            fresh.Add(RowFate.Ignored, IgnoredReason.DuplicateDelivery, _intake.Rejected.Count);
            return fresh;
        }

        foreach (var row in own)
            fresh.Add(row.Fate, row.Reason);
        foreach (var row in _bad)
            fresh.Add(row.Fate, row.IgnoredFor);
        return fresh;
    }

    private CorrectedRow Corrected(Observation row)
    {
        var (decision, fate) = (_intake.Decided[row.Index], row.Reason ?? FateName(row.Fate));
        return _intake.CorrectedFrom.TryGetValue(row.Index, out var sent)
            ? new CorrectedRow(row.Index, row.Origin, _intake.Kind, Text.Clean(sent.Reason), Text.Clean(sent.Detail), Text.Identity(sent.ExternalId), Text.Clean(sent.RawJson), decision, fate)
            : new CorrectedRow(row.Index, row.Origin, _intake.Kind, RowRejection.CurrencyUnknown, "it could not be used when it came", row.ExternalId,
                RawRows.Find(_intake.Delivery.Body, row.Index) ?? decision.CorrectedJson!, decision, fate);
    }

    private static string FateName(RowFate fate) => fate == RowFate.Applied ? "applied" : "unchanged";

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
