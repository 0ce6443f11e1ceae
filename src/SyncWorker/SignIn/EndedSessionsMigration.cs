using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>Sessions that were signed out, until their cookies would have ended by themselves.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121120200_EndedSessions")]
internal sealed class EndedSessionsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE TABLE ledger.ended_sessions (id uuid PRIMARY KEY, until timestamptz NOT NULL);");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE ledger.ended_sessions;");
}
