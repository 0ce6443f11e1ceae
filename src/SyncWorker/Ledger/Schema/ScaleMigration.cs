using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>What keeps lists quick in a large ledger: whether a run is complete is kept with it, and an account is added up from an index alone.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121090000_Scale")]
internal sealed class ScaleMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Runs);
        migrationBuilder.Sql(Transactions);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER keep_complete ON ledger.sync_run_chunks;
        DROP TRIGGER keep_complete ON ledger.sync_runs;
        DROP FUNCTION ledger.keep_run_complete_by_chunk, ledger.keep_run_complete, ledger.run_is_complete;
        DROP VIEW ledger.sync_run_progress;
        ALTER TABLE ledger.sync_runs DROP COLUMN complete;
        """ + Progress("") + """
        DROP INDEX ledger.transactions_by_booking;
        CREATE INDEX transactions_by_booking ON ledger.transactions (account_id, booked_on, id);
        """);

    // Written by triggers, so that it follows whoever changes the chunks. The run's row is locked by then, so chunks that come at once count each other.
    private static readonly string Runs = """
        CREATE FUNCTION ledger.run_is_complete(of_feed text, of_run text, of_type text, total int) RETURNS boolean LANGUAGE sql AS $$
            SELECT total IS NULL OR least(total, 10000) <= (SELECT count(DISTINCT chunk) FROM ledger.sync_run_chunks
                WHERE (feed, run_id, type) = (of_feed, of_run, of_type) AND chunk BETWEEN 1 AND least(total, 10000))
        $$;

        ALTER TABLE ledger.sync_runs ADD COLUMN complete boolean NOT NULL DEFAULT true;
        UPDATE ledger.sync_runs SET complete = ledger.run_is_complete(feed, run_id, type, total_chunks);
        CREATE INDEX sync_runs_incomplete ON ledger.sync_runs (last_at) WHERE NOT complete;

        CREATE FUNCTION ledger.keep_run_complete() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.complete := ledger.run_is_complete(NEW.feed, NEW.run_id, NEW.type, NEW.total_chunks);
            RETURN NEW;
        END $$;
        CREATE TRIGGER keep_complete BEFORE INSERT OR UPDATE OF total_chunks ON ledger.sync_runs FOR EACH ROW EXECUTE FUNCTION ledger.keep_run_complete();

        CREATE FUNCTION ledger.keep_run_complete_by_chunk() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            changed ledger.sync_run_chunks := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
        BEGIN
            UPDATE ledger.sync_runs SET complete = ledger.run_is_complete(feed, run_id, type, total_chunks)
            WHERE (feed, run_id, type) = (changed.feed, changed.run_id, changed.type);
            RETURN NULL;
        END $$;
        CREATE TRIGGER keep_complete AFTER INSERT OR DELETE ON ledger.sync_run_chunks FOR EACH ROW EXECUTE FUNCTION ledger.keep_run_complete_by_chunk();

        DROP VIEW ledger.sync_run_progress;
        """ + Progress(", r.complete");

    // The same order as before; the rest is what an account's sums are made of.
    private const string Transactions = """
        DROP INDEX ledger.transactions_by_booking;
        CREATE INDEX transactions_by_booking ON ledger.transactions (account_id, booked_on, id) INCLUDE (currency, status, amount);
        """;

    // A sender's total is not trusted to be small: at most 10,000 chunks are looked for.
    private static string Progress(string complete) => $$"""

        CREATE VIEW ledger.sync_run_progress AS
            SELECT r.feed, r.run_id, r.type, r.first_at, r.last_at, r.total_chunks, c.received_chunks, c.rows, m.missing_chunks{{complete}}
            FROM ledger.sync_runs r
            CROSS JOIN LATERAL (
                SELECT count(DISTINCT chunk)::int AS received_chunks, coalesce(sum(rows), 0)::bigint AS rows FROM ledger.sync_run_chunks c
                WHERE (c.feed, c.run_id, c.type) = (r.feed, r.run_id, r.type)) c
            CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(n ORDER BY n), '{}') AS missing_chunks FROM generate_series(1, CASE WHEN r.total_chunks IS NULL THEN 0 ELSE least(r.total_chunks, 10000) END) n
                WHERE NOT EXISTS (SELECT FROM ledger.sync_run_chunks c
                    WHERE (c.feed, c.run_id, c.type, c.chunk) = (r.feed, r.run_id, r.type, n))) m;

        """;
}
