using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>
/// Which rows another one has taken the place of, and what people decided about that. The rows stay as the bank sent them (invariant I9);
/// the view <c>entries</c> shows what each counts as.
/// </summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121030000_Settlements")]
internal sealed class SettlementsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Settlements);
        migrationBuilder.Sql(OncePending);
        migrationBuilder.Sql(Decisions);
        migrationBuilder.Sql(Entries);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP VIEW ledger.entries;
        DROP TABLE ledger.settlement_suggestions, ledger.settlement_decisions, ledger.settlements;
        DROP TRIGGER remember_pending ON ledger.transactions;
        DROP FUNCTION ledger.remember_pending();
        DROP TABLE ledger.once_pending;
        DROP INDEX ledger.transactions_usual_holds;
        """);

    // by_id is unique: a posted row settles one row at most.
    private const string Settlements = """
        CREATE TABLE ledger.settlements (
            row_id bigint PRIMARY KEY,
            account_id bigint NOT NULL,
            by_id bigint UNIQUE,
            kind text COLLATE "C" NOT NULL CHECK (kind IN ('settled', 'hold', 'expired')),
            tier text,
            reason text,
            decided_by text COLLATE "C" NOT NULL CHECK (decided_by IN ('automatic', 'person')),
            since timestamptz NOT NULL,
            CHECK ((kind = 'settled') = (by_id IS NOT NULL) AND (by_id IS NULL) = (tier IS NULL))
        );
        CREATE INDEX settlements_by_account ON ledger.settlements (account_id);

        CREATE TABLE ledger.settlement_suggestions (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account_id bigint NOT NULL,
            row_id bigint NOT NULL,
            by_id bigint NOT NULL,
            kind text COLLATE "C" NOT NULL,
            reason text NOT NULL,
            score int NOT NULL,
            since timestamptz NOT NULL,
            UNIQUE (row_id, by_id)
        );
        CREATE INDEX settlement_suggestions_by_account ON ledger.settlement_suggestions (account_id, id);

        -- The holds that the usual rule tells; other rules read the account's descriptions.
        CREATE INDEX transactions_usual_holds ON ledger.transactions (account_id) WHERE status = 'posted' AND lower(btrim(description)) = 'authorisation';
        """;

    // The ledger writes it too, where a pending observation comes late and loses; so it does not depend on the order of arrival.
    private const string OncePending = """
        CREATE TABLE ledger.once_pending (
            account_id bigint NOT NULL,
            external_id text COLLATE "C" NOT NULL,
            PRIMARY KEY (account_id, external_id)
        );
        INSERT INTO ledger.once_pending (account_id, external_id)
            SELECT DISTINCT t.account_id, t.external_id FROM ledger.transaction_revisions r JOIN ledger.transactions t ON t.id = r.transaction_id WHERE r.status = 'pending';

        CREATE FUNCTION ledger.remember_pending() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO ledger.once_pending (account_id, external_id) VALUES (NEW.account_id, NEW.external_id) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        CREATE TRIGGER remember_pending AFTER UPDATE ON ledger.transactions FOR EACH ROW
            WHEN (OLD.status = 'pending' AND NEW.status = 'posted') EXECUTE FUNCTION ledger.remember_pending();
        """;

    // By the names that the bank gives, so that they outlive the ledger's ids: a rebuild and a merge of accounts find them again.
    private const string Decisions = """
        CREATE TABLE ledger.settlement_decisions (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            provider text NOT NULL,
            account_external_id text COLLATE "C",
            account_public_id text COLLATE "C",
            pending_external_id text COLLATE "C" NOT NULL,
            posted_external_id text COLLATE "C" NOT NULL,
            decision text COLLATE "C" NOT NULL CHECK (decision IN ('accepted', 'rejected')),
            decided_by text NOT NULL,
            decided_at timestamptz NOT NULL,
            note text,
            CHECK (account_external_id IS NOT NULL OR account_public_id IS NOT NULL)
        );
        CREATE INDEX settlement_decisions_by_external_id ON ledger.settlement_decisions (account_external_id);
        CREATE INDEX settlement_decisions_by_public_id ON ledger.settlement_decisions (account_public_id);
        """;

    private const string Entries = """
        CREATE VIEW ledger.entries AS
            SELECT t.*, coalesce(s.kind, t.status) AS effective_status, t.status = 'posted' AND s.row_id IS NULL AS counts_as_posted,
                s.by_id AS settled_by, b.row_id AS settles
            FROM ledger.transactions t
            LEFT JOIN ledger.settlements s ON s.row_id = t.id
            LEFT JOIN ledger.settlements b ON b.by_id = t.id;
        """;
}
