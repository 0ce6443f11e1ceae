using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>
/// Reads a delivery with what people decided about its rows: one that was corrected is read as its correction, one that was dropped is set
/// aside. It is part of reading, so every way into the ledger comes to the same, a rebuild among them.
/// </summary>
internal static class DecidedRows
{
    /// <summary>Whether anything may have been decided about rows of a delivery. A new one can hold only rows that were sent, and decided about, before.</summary>
    public static bool MayExist(Intake intake) => intake.Mode != IntakeMode.Fresh || intake.Rejected.Count > 0;

    /// <summary>Takes the lock, keeps the decision that is being made, and reads the delivery by all that were made.</summary>
    public static async Task<Intake> LookAsync(NpgsqlConnection connection, Intake intake, ContentHash hash, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        DecisionStore.AddLock(batch, alone: intake.Deciding is not null);
        if (intake.Deciding is { } deciding)
            DecisionStore.AddSave(batch, deciding);
        var rejected = HashesOf(intake, hash);
        DecisionStore.AddFind(batch, [.. rejected.Values], intake.Delivery.Id);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        return Apply(intake, rejected, await DecisionStore.ReadAsync(reader, cancellation));
    }

    /// <summary>Reads a delivery out of the archive by all decisions, for who holds the lock.</summary>
    public static async Task<Intake> ReadAsync(NpgsqlConnection connection, Intake intake, ContentHash hash, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var rejected = HashesOf(intake, hash);
        DecisionStore.AddFind(batch, [.. rejected.Values], intake.Delivery.Id);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return Apply(intake, rejected, await DecisionStore.ReadAsync(reader, cancellation));
    }

    /// <summary>The row that a correction makes. It speaks for itself alone: it names its account by one id, and tells nothing else of it.</summary>
    public static SingleRow Read(string json, string kind, string timeZone, int index, RowOrigin origin) =>
        SingleRow.Read(json, kind == TradeTable.Instance.Kind, timeZone, index, origin);

    /// <inheritdoc cref="Read"/>
    public static AccountReference OneId(AccountReference account) => account.ExternalId is null
        ? account with { Name = null }
        : new AccountReference(account.ExternalId, null, null);

    private static Dictionary<int, Guid> HashesOf(Intake intake, ContentHash hash) =>
        intake.Rejected.ToDictionary(row => row.Index, row => BadRow.From(row, intake.Kind, intake.Delivery.Feed, hash).RowHash);

    private static Intake Apply(Intake intake, Dictionary<int, Guid> rejected, List<RowDecision> decisions)
    {
        if (decisions.Count == 0)
            return intake;
        var byHash = decisions.ToDictionary(decision => decision.RowHash);
        var byIndex = decisions.Where(decision => decision.DeliveryId == intake.Delivery.Id).ToLookup(decision => decision.RowIndex);

        var decided = new Dictionary<int, RowDecision>();
        foreach (var index in intake.Transactions.Select(row => row.Index).Concat(intake.Trades.Select(row => row.Index)).Concat(rejected.Keys))
        {
            var decision = rejected.TryGetValue(index, out var row) ? byHash.GetValueOrDefault(row) : null;
            if ((decision ?? byIndex[index].FirstOrDefault()) is { } some)
                decided.Add(index, some);
        }

        var (transactions, trades) = (new List<TransactionRow>(), new List<TradeRow>());
        foreach (var (index, decision) in decided.Where(row => !row.Value.IsDrop).OrderBy(row => row.Key).ToList())
        {
            var origin = OriginOf(intake, index);
            var read = Read(decision.CorrectedJson!, intake.Kind, intake.Delivery.TimeZone, index, origin);
            if (read.Transaction is { } transaction)
                transactions.Add(transaction with { Account = OneId(transaction.Account) });
            else if (read.Trade is { } trade)
                trades.Add(trade with { Account = OneId(trade.Account) });
            else
                decided.Remove(index); // A stricter reader no longer takes the correction: the row waits for a person again.
        }

        var corrected = decided.Where(row => !row.Value.IsDrop).Select(row => row.Key).ToHashSet();
        return intake with
        {
            Decided = decided,
            CorrectedFrom = intake.Rejected.Where(row => corrected.Contains(row.Index)).ToDictionary(row => row.Index),
            Transactions = [.. intake.Transactions.Where(row => !corrected.Contains(row.Index)), .. transactions],
            Trades = [.. intake.Trades.Where(row => !corrected.Contains(row.Index)), .. trades],
            Rejected = [.. intake.Rejected.Where(row => !corrected.Contains(row.Index))],
        };
    }

    private static RowOrigin OriginOf(Intake intake, int index) =>
        intake.Rejected.FirstOrDefault(row => row.Index == index)?.Origin
        ?? intake.Transactions.FirstOrDefault(row => row.Index == index)?.Origin
        ?? intake.Trades.First(row => row.Index == index).Origin;
}
