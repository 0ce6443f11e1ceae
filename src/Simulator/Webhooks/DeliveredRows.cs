using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>What Redbark believes delivered to a destination: recorded on 2xx only (spec 2.4, 3.3), by row and revision.</summary>
public sealed class DeliveredRows
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RowKey, BankTransaction> _transactions = [];
    private readonly HashSet<RowKey> _trades = [];

    /// <summary>Transactions recorded.</summary>
    public int Transactions => Locked(() => _transactions.Count);

    /// <summary>Trades recorded.</summary>
    public int Trades => Locked(() => _trades.Count);

    /// <summary>True when the row was delivered, in this or an earlier revision.</summary>
    public bool Contains(RowKey key) => Locked(() => _transactions.ContainsKey(key) || _trades.Contains(key));

    /// <summary>The transaction as it was when it was last delivered.</summary>
    public BankTransaction? Find(RowKey key) => Locked(() => _transactions.GetValueOrDefault(key));

    internal void Record(SyncChunk chunk)
    {
        lock (_gate)
        {
            foreach (var row in chunk.New.Concat(chunk.Updated))
                _transactions[row.Key] = row;
            foreach (var trade in chunk.Trades)
                _trades.Add(trade.Key);
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
