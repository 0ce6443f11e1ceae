using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>Room in the outbox for events that no row tells again, and the list of accounts whose proof has to be made anew.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121010000_Announcements")]
internal sealed class AnnouncementsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        ALTER TABLE ledger.outbox DROP CONSTRAINT outbox_subject_check,
            ADD CONSTRAINT outbox_subject_check CHECK (subject IN ('transactions', 'trades', 'announcements')),
            ADD COLUMN type text,
            ADD COLUMN content jsonb,
            ADD CONSTRAINT announcements_have_content CHECK ((subject = 'announcements') = (content IS NOT NULL) AND (content IS NULL) = (type IS NULL));

        -- Appended to, never updated: deliveries of one account do not wait for each other here.
        CREATE TABLE ledger.account_changes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account_ids bigint[] NOT NULL
        );
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TABLE ledger.account_changes;
        DELETE FROM ledger.outbox WHERE subject = 'announcements';
        ALTER TABLE ledger.outbox DROP COLUMN type, DROP COLUMN content, DROP CONSTRAINT outbox_subject_check,
            ADD CONSTRAINT outbox_subject_check CHECK (subject IN ('transactions', 'trades'));
        """);
}
