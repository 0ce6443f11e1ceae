using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>The few links that people made are found among the many.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121120100_PersonLinks")]
internal sealed class PersonLinksMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("CREATE INDEX settlements_by_person ON ledger.settlements (since DESC, row_id DESC) WHERE decided_by = 'person';");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP INDEX ledger.settlements_by_person;");
}
