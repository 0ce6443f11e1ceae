using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>
/// What people decided about rows in quarantine, apart from the quarantine itself, which a rebuild makes anew. A decision is about the row
/// as it was sent (<c>row_hash</c>); one that waited for its account's currency is found by its place in its delivery.
/// </summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121120000_QuarantineDecisions")]
internal sealed class DecisionsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE ledger.quarantine_decisions (
            row_hash uuid PRIMARY KEY,
            delivery_id uuid NOT NULL,
            row_index int NOT NULL,
            decision text COLLATE "C" NOT NULL CHECK (decision IN ('dropped', 'edited')),
            corrected_json text,
            decided_by text,
            decided_at timestamptz NOT NULL,
            note text,
            -- What an edit found in the ledger: the same content may have been observed by a delivery before it.
            former_hash uuid,
            former_observed_at timestamptz,
            CHECK ((decision = 'edited') = (corrected_json IS NOT NULL))
        );
        CREATE INDEX quarantine_decisions_by_delivery ON ledger.quarantine_decisions (delivery_id);
        INSERT INTO ledger.quarantine_decisions (row_hash, delivery_id, row_index, decision, decided_at, note)
            SELECT row_hash, delivery_id, row_index, 'dropped', resolved_at, note FROM ledger.quarantine WHERE state = 'dropped';

        -- Whether a delivery told of the account, and not only a correction.
        ALTER TABLE ledger.accounts ADD COLUMN told boolean NOT NULL DEFAULT true;

        -- seen_at: when the newest delivery that holds the row says it was observed, for rows that are not dated by parsed.
        -- fate: how a row that entered by a correction was counted; null for those that entered by themselves.
        ALTER TABLE ledger.quarantine ADD COLUMN seen_at timestamptz, ADD COLUMN fate text COLLATE "C";
        CREATE INDEX quarantine_by_edited_row ON ledger.quarantine (row_hash) WHERE fate IS NOT NULL;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP INDEX ledger.quarantine_by_edited_row;
        ALTER TABLE ledger.quarantine DROP COLUMN seen_at, DROP COLUMN fate;
        ALTER TABLE ledger.accounts DROP COLUMN told;
        DROP TABLE ledger.quarantine_decisions;
        """);
}
