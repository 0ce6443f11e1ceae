using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Reconciliation.Schema;

/// <summary>What the proof last said of each account, and how that changed.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121050000_Reconciliations")]
internal sealed class ReconciliationsMigration : Migration
{
    // provider_account_id is 0 where no provider shows the account; subject is empty for money, a symbol for what a brokerage account holds.
    // announced: the drift that an event told of and that has not been cleared.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE ledger.reconciliations (
            account_id bigint NOT NULL,
            provider_account_id bigint NOT NULL,
            subject text COLLATE "C" NOT NULL,
            status text COLLATE "C" NOT NULL CHECK (status IN ('proved', 'settling', 'drift', 'unknown')),
            cause text COLLATE "C",
            currency text COLLATE "C",
            opening numeric,
            opening_known boolean NOT NULL,
            expected numeric,
            actual numeric,
            drift numeric,
            since date,
            observed_at timestamptz,
            proved_at timestamptz,
            findings jsonb NOT NULL,
            checked_at timestamptz NOT NULL,
            changed_at timestamptz NOT NULL,
            announced numeric,
            PRIMARY KEY (account_id, provider_account_id, subject)
        );
        CREATE INDEX reconciliations_by_status ON ledger.reconciliations (status);

        CREATE TABLE ledger.reconciliation_changes (
            changed_at timestamptz NOT NULL,
            account_id bigint NOT NULL,
            provider_account_id bigint NOT NULL,
            subject text COLLATE "C" NOT NULL,
            status text COLLATE "C" NOT NULL,
            cause text COLLATE "C",
            drift numeric,
            PRIMARY KEY (changed_at, account_id, provider_account_id, subject)
        ) PARTITION BY RANGE (changed_at);
        CREATE INDEX reconciliation_changes_by_account ON ledger.reconciliation_changes (account_id, changed_at);
        SELECT ledger.ensure_partitions(now(), 3);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP TABLE ledger.reconciliation_changes, ledger.reconciliations;");
}
