using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>The rows of one event.</summary>
internal sealed record SyncChunk(
    string Type, IReadOnlyList<BankTransaction> New, IReadOnlyList<BankTransaction> Updated, IReadOnlyList<BankTrade> Trades, int Number, int Total)
{
    public IReadOnlyList<string> ExtraRows { get; init; } = [];

    public int NewCount => New.Count + Trades.Count + ExtraRows.Count;
}

/// <summary>Everything one run has to send.</summary>
internal sealed record SyncBatch(IReadOnlyList<SyncChunk> Chunks)
{
    /// <summary>Collects what is not recorded as delivered in its present revision (spec 2.4) and cuts it (spec 2.5).</summary>
    public static SyncBatch Collect(SimulatedBank bank, Destination destination, SenderOptions options)
    {
        var quiet = bank.Connections.Where(connection => connection.Status != "active").Select(connection => connection.Id).ToHashSet();
        var feeding = bank.Accounts.Where(account => !quiet.Contains(account.ConnectionId)).Select(account => account.Id).ToHashSet();
        var start = destination.StartDate ?? DateOnly.MinValue;

        var rows = new List<(BankTransaction Row, bool IsNew)>();
        foreach (var row in bank.Transactions)
        {
            if (!feeding.Contains(row.AccountId) || bank.DateOf(row.OccurredAt) < start)
                continue;
            if (row.Status == Contracts.TransactionStatus.Pending && !destination.IncludePending)
                continue;

            var delivered = destination.Delivered.Find(row.Key);
            if (delivered is null || delivered.Revision < row.Revision)
                rows.Add((row, delivered is null));
        }

        var trades = bank.Trades.Where(trade =>
            feeding.Contains(trade.AccountId) && trade.TradeDate >= start && !destination.Delivered.Contains(trade.Key));

        List<SyncChunk> chunks =
        [
            .. Cut(rows.OrderByDescending(row => row.IsNew), options.ChunkSize, EventTypes.TransactionsSynced, slice => (
                [.. slice.Where(row => row.IsNew).Select(row => row.Row)], [.. slice.Where(row => !row.IsNew).Select(row => row.Row)], [])),
            .. Cut(trades, options.ChunkSize, EventTypes.TradesSynced, slice => ([], [], slice)),
        ];
        if (options.ChunksAcrossTypes)
            chunks = [.. chunks.Select((chunk, index) => chunk with { Number = index + 1, Total = chunks.Count })];
        return new SyncBatch(chunks);
    }

    /// <summary>The same with rows added to one chunk, which is made when there is none.</summary>
    public SyncBatch WithExtraRows(int chunk, IReadOnlyList<string> rows)
    {
        if (rows.Count == 0)
            return this;

        var chunks = Chunks.Count > 0 ? Chunks.ToList() : [new SyncChunk(EventTypes.TransactionsSynced, [], [], [], 1, 1)];
        var index = Math.Min(chunk, chunks.Count) - 1;
        chunks[index] = chunks[index] with { ExtraRows = rows };
        return new SyncBatch(chunks);
    }

    private static IEnumerable<SyncChunk> Cut<T>(
        IEnumerable<T> rows, int size, string type, Func<T[], (BankTransaction[] New, BankTransaction[] Updated, BankTrade[] Trades)> sort)
    {
        var slices = rows.Chunk(size).ToArray();
        for (var i = 0; i < slices.Length; i++)
        {
            var (added, updated, trades) = sort(slices[i]);
            yield return new SyncChunk(type, added, updated, trades, i + 1, slices.Length);
        }
    }
}
