using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>What each channel was told and not yet told the end of.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121080000_Notices")]
internal sealed class NoticesMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE ledger.notices (
            channel text COLLATE "C" NOT NULL,
            kind text COLLATE "C" NOT NULL,
            subject text COLLATE "C" NOT NULL,
            summary text NOT NULL,
            action text NOT NULL,
            since timestamptz,
            began_at timestamptz NOT NULL,
            told_at timestamptz NOT NULL,
            PRIMARY KEY (channel, kind, subject)
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE ledger.notices;");
}
