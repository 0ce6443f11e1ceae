using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Audit;

/// <summary>What people and programs did, and the keys of people's sessions.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121070000_Audit")]
internal sealed class AuditMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE TABLE ledger.audit (
                at timestamptz NOT NULL,
                id uuid NOT NULL,
                actor text,
                action text COLLATE "C" NOT NULL,
                subject text,
                origin text,
                outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
                reason text,
                PRIMARY KEY (at, id)
            ) PARTITION BY RANGE (at);
            CREATE INDEX audit_by_action ON ledger.audit (action, at DESC, id DESC);

            CREATE TABLE ledger.session_keys (
                name text PRIMARY KEY,
                content text NOT NULL,
                made_at timestamptz NOT NULL
            );
            """);
        migrationBuilder.Sql("SELECT ledger.ensure_partitions(now(), 3);");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE ledger.audit, ledger.session_keys;");
}
