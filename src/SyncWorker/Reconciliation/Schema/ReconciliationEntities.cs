using Microsoft.EntityFrameworkCore;

namespace Redbark.Sync.Worker.Reconciliation.Schema;

/// <summary>What the proof last said of one account and one source.</summary>
internal sealed class Reconciled
{
    public long AccountId { get; init; }

    /// <summary>0 where no provider shows the account.</summary>
    public long ProviderAccountId { get; init; }

    /// <summary>Empty for money; a symbol for what a brokerage account holds.</summary>
    public required string Subject { get; init; }

    /// <summary><c>proved</c>, <c>settling</c>, <c>drift</c> or <c>unknown</c>.</summary>
    public required string Status { get; init; }
    public string? Cause { get; init; }
    public string? Currency { get; init; }
    public decimal? Opening { get; init; }
    public bool OpeningKnown { get; init; }
    public decimal? Expected { get; init; }
    public decimal? Actual { get; init; }
    public decimal? Drift { get; init; }
    public DateOnly? Since { get; init; }
    public DateTimeOffset? ObservedAt { get; init; }
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>JSON array of <see cref="Store.Finding"/>.</summary>
    public required string Findings { get; init; }
    public DateTimeOffset CheckedAt { get; init; }

    /// <summary>Since when status, cause and drift are what they are.</summary>
    public DateTimeOffset ChangedAt { get; init; }
    public decimal? Announced { get; init; }
}

/// <summary>What a proof came to from a moment on.</summary>
internal sealed class ReconciledChange
{
    public DateTimeOffset ChangedAt { get; init; }
    public long AccountId { get; init; }
    public long ProviderAccountId { get; init; }
    public required string Subject { get; init; }
    public required string Status { get; init; }
    public string? Cause { get; init; }
    public decimal? Drift { get; init; }
}

/// <summary>The tables of this part in the ledger's model.</summary>
internal static class ReconciliationModel
{
    public static void AddReconciliations(this ModelBuilder model)
    {
        model.Entity<Reconciled>(reconciled =>
        {
            reconciled.ToTable("reconciliations").HasKey(row => new { row.AccountId, row.ProviderAccountId, row.Subject });
            reconciled.Property(row => row.Findings).HasColumnType("jsonb");
        });
        model.Entity<ReconciledChange>().ToTable("reconciliation_changes").HasKey(row => new { row.ChangedAt, row.AccountId, row.ProviderAccountId, row.Subject });
    }
}
