using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Accounts;

/// <summary>The list of accounts of which something changed that their settlements and their proof depend on.</summary>
internal static class AccountChanges
{
    /// <summary>Adds accounts to what is being committed.</summary>
    public static void Add(NpgsqlBatch batch, long[] accountIds) => batch
        .Add("INSERT INTO ledger.account_changes (account_ids) VALUES ($1)")
        .With(accountIds, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
}
