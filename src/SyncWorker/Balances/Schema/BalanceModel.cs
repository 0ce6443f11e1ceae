using Microsoft.EntityFrameworkCore;

namespace Redbark.Sync.Worker.Balances.Schema;

/// <summary>The tables of this part in the ledger's model.</summary>
internal static class BalanceModel
{
    public static void AddBalances(this ModelBuilder model)
    {
        model.Entity<Connection>().ToTable("connections").HasKey(connection => new { connection.Provider, connection.ConnectionId });
        model.Entity<ListedAccount>().ToTable("provider_accounts");
        model.Entity<ObservedBalance>(balance =>
        {
            balance.ToTable("balances").HasKey(row => new { row.RetrievedAt, row.Id });
            balance.Property(row => row.Figures).HasColumnType("jsonb");
        });
        model.Entity<ObservedHolding>(holding =>
        {
            holding.ToTable("holdings").HasKey(row => new { row.RetrievedAt, row.Id });
            holding.Property(row => row.Figures).HasColumnType("jsonb");
        });
    }
}
