using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Balances.Schema;

/// <summary>When a connection's user has to consent again.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121210000_ConsentEnds")]
internal sealed class ConsentEndsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("ALTER TABLE ledger.connections ADD consent_ends_at timestamptz;");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("ALTER TABLE ledger.connections DROP consent_ends_at;");
}
