using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Balances.Schema;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Operations;
using Redbark.Sync.Worker.Reconciliation.Schema;
using Redbark.Sync.Worker.Feeds;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>The ledger for queries and migrations; the writer speaks SQL of its own.</summary>
internal sealed class LedgerDbContext(DbContextOptions<LedgerDbContext> options) : DbContext(options)
{
    public const string Schema = "ledger";

    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<Transaction> Transactions => Set<Transaction>();
    public DbSet<Entry> Entries => Set<Entry>();
    public DbSet<EntryTotal> EntryTotals => Set<EntryTotal>();
    public DbSet<SuggestedSettlement> Suggestions => Set<SuggestedSettlement>();
    public DbSet<StoredSettlement> Settlements => Set<StoredSettlement>();
    public DbSet<DecidedPair> DecidedPairs => Set<DecidedPair>();
    public DbSet<TransactionVersion> TransactionVersions => Set<TransactionVersion>();
    public DbSet<Trade> Trades => Set<Trade>();
    public DbSet<TradeVersion> TradeVersions => Set<TradeVersion>();
    public DbSet<Position> Positions => Set<Position>();
    public DbSet<ArchivedDelivery> Deliveries => Set<ArchivedDelivery>();
    public DbSet<SyncRun> SyncRuns => Set<SyncRun>();
    public DbSet<SyncRunChunk> SyncRunChunks => Set<SyncRunChunk>();
    public DbSet<FeedState> FeedStates => Set<FeedState>();
    public DbSet<JobRun> JobRuns => Set<JobRun>();
    public DbSet<QuarantinedRow> Quarantine => Set<QuarantinedRow>();
    public DbSet<StoredDecision> QuarantineDecisions => Set<StoredDecision>();
    public DbSet<Connection> Connections => Set<Connection>();
    public DbSet<ListedAccount> ProviderAccounts => Set<ListedAccount>();
    public DbSet<ObservedBalance> Balances => Set<ObservedBalance>();
    public DbSet<ObservedHolding> Holdings => Set<ObservedHolding>();
    public DbSet<Reconciled> Reconciliations => Set<Reconciled>();
    public DbSet<ReconciledChange> ReconciliationChanges => Set<ReconciledChange>();
    public DbSet<Gap> Gaps => Set<Gap>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<Operation> Operations => Set<Operation>();
    public DbSet<GapRead> GapReads => Set<GapRead>();

    public static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource database) => options
        .UseNpgsql(database, npgsql => npgsql.MigrationsHistoryTable("migrations", Schema))
        .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        // The migrations are written by hand, in SQL, so there is no snapshot to compare the model with; a test reads every table.
        .ConfigureWarnings(warnings => warnings
            .Ignore(RelationalEventId.PendingModelChangesWarning)
            // What fails is thrown too; in an empty database the first look for the migrations table is meant to fail.
            .Log((RelationalEventId.CommandError, LogLevel.Debug)));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<Account>().ToTable("accounts");
        modelBuilder.Entity<Transaction>().ToTable("transactions");
        modelBuilder.Entity<Entry>().ToView("entries");
        modelBuilder.Entity<EntryTotal>().ToView("entry_totals").HasKey(total => new { total.AccountId, total.Currency, total.Status, total.Month });
        modelBuilder.Entity<SuggestedSettlement>().ToTable("settlement_suggestions");
        modelBuilder.Entity<StoredSettlement>().ToTable("settlements").HasKey(link => link.RowId);
        modelBuilder.Entity<DecidedPair>().ToTable("settlement_decisions");
        modelBuilder.Entity<TransactionVersion>().ToView("transaction_versions").HasKey(version => new { version.TransactionId, version.Revision });
        modelBuilder.Entity<Trade>().ToTable("trades");
        modelBuilder.Entity<TradeVersion>().ToView("trade_versions").HasKey(version => new { version.TradeId, version.Revision });
        modelBuilder.Entity<Position>().ToView("position_proofs").HasKey(position => new { position.AccountId, position.Symbol });
        modelBuilder.Entity<ArchivedDelivery>(delivery =>
        {
            delivery.ToTable("deliveries").HasKey(row => new { row.ReceivedAt, row.Id });
            delivery.Property(row => row.Headers).HasColumnType("jsonb");
            delivery.Property(row => row.UnknownFields).HasColumnType("jsonb");
            delivery.Property(row => row.IgnoredReasons).HasColumnType("jsonb");
        });
        modelBuilder.Entity<SyncRun>().ToView("sync_run_progress").HasKey(run => new { run.Feed, run.RunId, run.Type });
        modelBuilder.Entity<SyncRunChunk>().ToTable("sync_run_chunks").HasKey(chunk => new { chunk.Feed, chunk.RunId, chunk.Type, chunk.Chunk, chunk.DeliveryId });
        modelBuilder.Entity<FeedState>().ToTable("feed_states").HasKey(feed => feed.Feed);
        modelBuilder.Entity<JobRun>().ToTable("job_runs").HasKey(run => new { run.StartedAt, run.Id });
        modelBuilder.Entity<AuditEntry>().ToTable("audit").HasKey(entry => new { entry.At, entry.Id });
        modelBuilder.Entity<QuarantinedRow>().ToTable("quarantine");
        modelBuilder.Entity<StoredDecision>().ToTable("quarantine_decisions").HasKey(decision => decision.RowHash);
        modelBuilder.AddBalances();
        modelBuilder.AddReconciliations();
        modelBuilder.AddGaps();
        modelBuilder.AddOperations();

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            property.SetColumnName(SnakeCase(property.Name));
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
