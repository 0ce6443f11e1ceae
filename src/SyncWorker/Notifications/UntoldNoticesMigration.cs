using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>A notice is noted before it is sent; that it was taken, afterwards.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121220100_UntoldNotices")]
internal sealed class UntoldNoticesMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("ALTER TABLE ledger.notices ALTER COLUMN told_at DROP NOT NULL;");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DELETE FROM ledger.notices WHERE told_at IS NULL;
        ALTER TABLE ledger.notices ALTER COLUMN told_at SET NOT NULL;
        """);
}
