using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Bank;

/// <summary>The truth, in memory: what the bank holds, and what happens there. Safe for concurrent use.</summary>
public sealed class SimulatedBank
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Guid, BankConnection> _connections = [];
    private readonly OrderedDictionary<Guid, BankAccount> _accounts = [];
    private readonly OrderedDictionary<RowKey, BankTransaction> _transactions = [];
    private readonly OrderedDictionary<RowKey, BankTrade> _trades = [];
    private readonly IdSequence _transactionIds;

    /// <summary>Opens a bank without connections.</summary>
    /// <param name="seed">Seed of the ids.</param>
    /// <param name="timeZone">The Redbark user's time zone, in which instants become dates (spec 7.4).</param>
    /// <param name="clock">The bank's clock.</param>
    public SimulatedBank(int seed, TimeZoneInfo timeZone, BankClock clock)
    {
        Seed = seed;
        TimeZone = timeZone;
        Clock = clock;
        _transactionIds = new IdSequence(seed, "transaction");
    }

    /// <summary>Seed of the ids.</summary>
    public int Seed { get; }

    /// <summary>The Redbark user's time zone.</summary>
    public TimeZoneInfo TimeZone { get; }

    /// <summary>The bank's clock; advance it to let time pass.</summary>
    public BankClock Clock { get; }

    /// <summary>Today, in <see cref="TimeZone"/>.</summary>
    public DateOnly Today => DateOf(Clock.GetUtcNow());

    /// <summary>The connections as they are now.</summary>
    public IReadOnlyList<BankConnection> Connections => Locked(() => _connections.Values.ToArray());

    /// <summary>The accounts as they are now.</summary>
    public IReadOnlyList<BankAccount> Accounts => Locked(() => _accounts.Values.ToArray());

    /// <summary>The transactions as they are now, in the order in which they appeared.</summary>
    public IReadOnlyList<BankTransaction> Transactions => Locked(() => _transactions.Values.ToArray());

    /// <summary>The trades as they are now, in the order in which they appeared.</summary>
    public IReadOnlyList<BankTrade> Trades => Locked(() => _trades.Values.ToArray());

    /// <summary>The calendar date of an instant in <see cref="TimeZone"/>.</summary>
    public DateOnly DateOf(DateTimeOffset instant) => instant.DayIn(TimeZone);

    /// <summary>Adds a connection.</summary>
    public void Open(BankConnection connection) => Locked(() => _connections[connection.Id] = connection);

    /// <summary>Adds an account.</summary>
    public void Open(BankAccount account) => Locked(() => _accounts[account.Id] = account);

    /// <summary>Changes the status of a connection, as an expired consent does.</summary>
    /// <exception cref="KeyNotFoundException">There is no such connection.</exception>
    public void SetStatus(Guid connectionId, string status) =>
        Locked(() => _connections[connectionId] = _connections[connectionId] with { Status = status });

    /// <summary>Finds a row as it is now.</summary>
    public BankTransaction? Find(RowKey key) => Locked(() => _transactions.GetValueOrDefault(key));

    /// <summary>A raw transaction id that nothing has yet.</summary>
    public string NextTransactionId() => _transactionIds.NextLong("bank_tx_");

    /// <summary>Books a row, pending or posted.</summary>
    /// <exception cref="ArgumentException">Its account is unknown or a brokerage account, or its id is taken.</exception>
    public BankTransaction Post(BankTransaction transaction) => Locked(() =>
    {
        if (!_accounts.TryGetValue(transaction.AccountId, out var account) || account.IsBrokerage)
            throw new ArgumentException($"'{transaction.AccountId}' is not an account that takes transactions.", nameof(transaction));

        _transactions.Add(transaction.Key, transaction);
        Refreshed(account);
        return transaction;
    });

    /// <summary>Books money spent or received now.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="minorUnits">Signed; negative is money out.</param>
    /// <param name="description">Bank narration.</param>
    /// <param name="status">Pending or posted.</param>
    public BankTransaction Post(Guid accountId, long minorUnits, string description, TransactionStatus status = TransactionStatus.Posted)
    {
        var now = Clock.GetUtcNow();
        return Post(new BankTransaction
        {
            Id = NextTransactionId(),
            AccountId = accountId,
            Status = status,
            MinorUnits = minorUnits,
            Description = description,
            OccurredAt = now,
            PostedAt = status == TransactionStatus.Posted ? now : null,
        });
    }

    /// <summary>
    /// Settles a pending row or a hold. Under the same id it becomes a change of the row, which is rare. Under a new id the row
    /// goes, and a posted one with a rewritten description takes its place (spec 7.5, 8.7).
    /// </summary>
    /// <returns>The settled row.</returns>
    /// <exception cref="ArgumentException">The row is not there, or is settled already.</exception>
    public BankTransaction Settle(RowKey key, bool underNewId) => Locked(() =>
    {
        if (!_transactions.TryGetValue(key, out var open) || (open.Status == TransactionStatus.Posted && !open.IsHold))
            throw new ArgumentException($"'{key.Id}' is not an open row.", nameof(key));

        var settled = open with { Status = TransactionStatus.Posted, IsHold = false, PostedAt = Clock.GetUtcNow() };
        if (underNewId)
        {
            var payee = open.MerchantName?.Trim() ?? open.Description;
            _transactions.Remove(key);
            settled = settled with { Id = NextTransactionId(), Description = $"VISA-{payee}  xx4821", Revision = 1 };
        }
        else
        {
            settled = settled with { Revision = open.Revision + 1 };
        }

        _transactions[settled.Key] = settled;
        Refreshed(_accounts[key.AccountId]);
        return settled;
    });

    /// <summary>Adds the pending twin of a posted row, late and under its own id (spec 8.8).</summary>
    /// <exception cref="KeyNotFoundException">There is no such row.</exception>
    public BankTransaction PostLatePending(RowKey posted) => Locked(() =>
    {
        var twin = _transactions[posted];
        return Post(twin with { Id = NextTransactionId(), Status = TransactionStatus.Pending, PostedAt = null, Revision = 1 });
    });

    /// <summary>Corrects a row under its id, such as its description or category.</summary>
    /// <exception cref="KeyNotFoundException">There is no such row.</exception>
    /// <exception cref="ArgumentException">The correction changes the row's name.</exception>
    public BankTransaction Correct(RowKey key, Func<BankTransaction, BankTransaction> correction) => Locked(() =>
    {
        var before = _transactions[key];
        var after = correction(before);
        if (after.Key != key)
            throw new ArgumentException("A correction keeps the account and the id.", nameof(correction));

        after = after with { Revision = before.Revision + 1 };
        _transactions[key] = after;
        Refreshed(_accounts[key.AccountId]);
        return after;
    });

    /// <summary>Books a trade.</summary>
    /// <exception cref="ArgumentException">Its account is not a brokerage account, or its id is taken.</exception>
    public BankTrade Post(BankTrade trade) => Locked(() =>
    {
        if (!_accounts.TryGetValue(trade.AccountId, out var account) || !account.IsBrokerage)
            throw new ArgumentException($"'{trade.AccountId}' is not a brokerage account.", nameof(trade));

        _trades.Add(trade.Key, trade);
        Refreshed(account);
        return trade;
    });

    /// <summary>The balance of every account that takes transactions.</summary>
    public IReadOnlyList<BankBalance> Balances() => Locked(() =>
    {
        var rows = _transactions.Values.ToLookup(row => row.AccountId);
        return _accounts.Values.Where(account => !account.IsBrokerage).Select(account => BalanceOf(account, rows[account.Id])).ToArray();
    });

    /// <summary>What is left of each security in a brokerage account, by symbol.</summary>
    public IReadOnlyList<BankHolding> Holdings(Guid accountId) =>
        [.. from trade in Trades
            where trade.AccountId == accountId
            group trade by trade.Symbol into trades
            orderby trades.Key
            let bought = trades.Where(trade => trade.Type == "buy").ToArray()
            let units = bought.Sum(trade => trade.Quantity)
            let last = trades.Last()
            select new BankHolding(
                accountId,
                trades.Key,
                last.Name,
                last.Currency.ToUpperInvariant(),
                trades.Sum(trade => trade.Type == "buy" ? trade.Quantity : -trade.Quantity),
                units == 0 ? 0 : decimal.Round(bought.Sum(trade => trade.TotalAmount) / units, 4),
                last.Price)];

    private static BankBalance BalanceOf(BankAccount account, IEnumerable<BankTransaction> rows)
    {
        long current = account.OpeningMinorUnits, open = 0, posted = 0;
        var count = 0;
        foreach (var row in rows)
        {
            if (row.Status == TransactionStatus.Posted)
            {
                posted += row.MinorUnits;
                count++;
            }

            if (row.Status == TransactionStatus.Posted && !row.IsHold)
                current += row.MinorUnits;
            else
                open += row.MinorUnits;
        }

        return new BankBalance(account, current, current + open, posted, count);
    }

    private void Refreshed(BankAccount account) =>
        _connections[account.ConnectionId] = _connections[account.ConnectionId] with { LastRefreshedAt = Clock.GetUtcNow() };

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
