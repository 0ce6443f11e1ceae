using Npgsql;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>What became of a person's word about a pair.</summary>
internal enum DecisionResult
{
    /// <summary>It counts.</summary>
    Done,

    /// <summary>One of the rows does not exist.</summary>
    NotFound,

    /// <summary>There is no such link or rejection to take back.</summary>
    NotSaid,

    /// <summary>The two cannot be one payment: the accounts or currencies differ, or one is not what it would have to be.</summary>
    Impossible,
}

/// <summary>What people say about pairs of rows. It is kept under the bank's names and outlives a rebuild of the ledger.</summary>
internal sealed class DecisionService(NpgsqlDataSource database, SettlementService settlements, AccountSignal signal, TimeProvider clock)
{
    /// <summary>
    /// Says that a posted row settles a pending one or a hold, or that it does not. What was said of the pair before goes, and with an
    /// acceptance every other one of either row. Who says it is kept with it.
    /// </summary>
    public Task<DecisionResult> DecideAsync(long rowId, long byId, bool accept, string? note, string? actor, CancellationToken cancellation) =>
        WithPairAsync(rowId, byId, async (connection, account, pair) =>
        {
            await WriteAsync(connection, account, pair, accept ? DecidedPair.Accepted : DecidedPair.Rejected, note, actor, cancellation);
            return accept ? Outcome.Link : Outcome.Settle;
        }, cancellation);

    /// <summary>Takes a person's own link back, as if it had not been said; an automatic one is rejected.</summary>
    public Task<DecisionResult> UnlinkAsync(long rowId, long byId, string? actor, CancellationToken cancellation) =>
        WithPairAsync(rowId, byId, async (connection, account, pair) =>
        {
            if (await ForgetAsync(connection, account, pair, DecidedPair.Accepted, cancellation))
                return Outcome.Settle;
            if (!await IsLinkedAsync(connection, rowId, byId, cancellation))
                return Outcome.Nothing;
            await WriteAsync(connection, account, pair, DecidedPair.Rejected, null, actor, cancellation);
            return Outcome.Settle;
        }, cancellation);

    /// <summary>Takes a rejection back, as if it had not been said: the pair is suggested or linked again, where it is still alike.</summary>
    public Task<DecisionResult> ReopenAsync(long rowId, long byId, CancellationToken cancellation) =>
        WithPairAsync(
            rowId, byId,
            async (connection, account, pair) => await ForgetAsync(connection, account, pair, DecidedPair.Rejected, cancellation) ? Outcome.Settle : Outcome.Nothing,
            cancellation);

    private async Task<DecisionResult> WithPairAsync(
        long rowId, long byId, Func<NpgsqlConnection, AccountNames, RowPair, Task<Outcome>> decide, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await FindAsync(connection, rowId, byId, cancellation) is not { } found)
            return DecisionResult.NotFound;
        if (found.AccountId is not { } accountId)
            return DecisionResult.Impossible;
        if (await SettlementStore.LockAsync(connection, accountId, cancellation) is not { } account)
            return DecisionResult.NotFound;

        var outcome = await decide(connection, account, found.Pair);
        if (outcome == Outcome.Nothing)
            return DecisionResult.NotSaid;
        var change = await settlements.SettleAsync(connection, account, cancellation);
        if (outcome == Outcome.Link && !await IsLinkedAsync(connection, rowId, byId, cancellation))
            return DecisionResult.Impossible;
        if (change.Any)
        {
            // The proof depends on it too.
            await using var batch = new NpgsqlBatch(connection);
            AccountChanges.Add(batch, [accountId]);
            await batch.ExecuteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        settlements.Announce(change);
        signal.Wake();
        return DecisionResult.Done;
    }

    /// <summary>The rows' external ids, and their account when it is one.</summary>
    private static async Task<(long? AccountId, RowPair Pair)?> FindAsync(NpgsqlConnection connection, long rowId, long byId, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add("""
                SELECT CASE WHEN r.account_id = b.account_id THEN r.account_id END, r.external_id, b.external_id
                FROM ledger.transactions r, ledger.transactions b WHERE r.id = $1 AND b.id = $2
                """)
            .With(rowId).With(byId);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.Number<long>(0), new RowPair(reader.GetString(1), reader.GetString(2))) : null;
    }

    private static async Task<bool> IsLinkedAsync(NpgsqlConnection connection, long rowId, long byId, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("SELECT EXISTS (SELECT FROM ledger.settlements WHERE row_id = $1 AND by_id = $2)").With(rowId).With(byId);
        return (bool)(await batch.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<bool> ForgetAsync(NpgsqlConnection connection, AccountNames account, RowPair pair, string decision, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add($"DELETE FROM ledger.settlement_decisions WHERE {AccountNames.OfDecision} AND pending_external_id = $4 AND posted_external_id = $5 AND decision = $6")
            .With(account.Provider).With(account.ExternalId).With(account.PublicId).With(pair.Pending).With(pair.Posted).With(decision);
        return await batch.ExecuteAsync(cancellation) > 0;
    }

    private async Task WriteAsync(NpgsqlConnection connection, AccountNames account, RowPair pair, string decision, string? note, string? actor, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch
            .Add($"""
                DELETE FROM ledger.settlement_decisions WHERE {AccountNames.OfDecision} AND (pending_external_id = $4 AND posted_external_id = $5
                    OR $6 = '{DecidedPair.Accepted}' AND decision = '{DecidedPair.Accepted}' AND (pending_external_id = $4 OR posted_external_id = $5))
                """)
            .With(account.Provider).With(account.ExternalId).With(account.PublicId).With(pair.Pending).With(pair.Posted).With(decision);
        batch
            .Add("""
                INSERT INTO ledger.settlement_decisions (provider, account_external_id, account_public_id, pending_external_id, posted_external_id, decision,
                    decided_by, decided_at, note)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """)
            .With(account.Provider).With(account.ExternalId).With(account.PublicId).With(pair.Pending).With(pair.Posted).With(decision)
            .With(Text.Clean(actor) ?? "nobody").With(clock.GetUtcNow()).With(Text.Clean(note));
        await batch.ExecuteAsync(cancellation);
    }

    /// <summary>What has to follow from a decision.</summary>
    private enum Outcome
    {
        Nothing,
        Settle,
        Link,
    }
}
