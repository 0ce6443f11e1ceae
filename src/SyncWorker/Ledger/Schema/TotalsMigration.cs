using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>
/// What each account's rows come to, by currency, by what they count as and by month, so that no list adds up a whole ledger. Writers only
/// ever add lines to <c>total_changes</c>: deliveries of one account never wait for each other here. What is folded into <c>totals</c> now
/// and then and what is not yet together make the view <c>entry_totals</c>, which is exact at any moment.
/// </summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121100000_Totals")]
internal sealed class TotalsMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Tables);
        migrationBuilder.Sql(OfTransactions);
        migrationBuilder.Sql(OfSettlements);
        migrationBuilder.Sql(Upkeep);
        migrationBuilder.Sql("SELECT ledger.rebuild_totals();");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TRIGGER total_inserted ON ledger.transactions;
        DROP TRIGGER total_updated ON ledger.transactions;
        DROP TRIGGER total_deleted ON ledger.transactions;
        DROP TRIGGER total_truncated ON ledger.transactions;
        DROP TRIGGER total_inserted ON ledger.settlements;
        DROP TRIGGER total_updated ON ledger.settlements;
        DROP TRIGGER total_deleted ON ledger.settlements;
        DROP TRIGGER total_truncated ON ledger.settlements;
        DROP FUNCTION ledger.total_transactions, ledger.total_settlements, ledger.total_anew, ledger.rebuild_totals, ledger.fold_totals;
        DROP VIEW ledger.entry_totals;
        DROP TABLE ledger.totals, ledger.total_changes;
        """);

    // status: as in the view entries. month: its first day.
    private const string Tables = """
        CREATE TABLE ledger.totals (
            account_id bigint NOT NULL,
            currency char(3) NOT NULL,
            status text COLLATE "C" NOT NULL,
            month date NOT NULL,
            amount numeric NOT NULL,
            rows bigint NOT NULL,
            PRIMARY KEY (account_id, currency, status, month)
        );
        -- No key and no index: it is written with every delivery and read as a whole.
        CREATE TABLE ledger.total_changes (
            account_id bigint NOT NULL,
            currency char(3) NOT NULL,
            status text COLLATE "C" NOT NULL,
            month date NOT NULL,
            amount numeric NOT NULL,
            rows bigint NOT NULL
        );
        CREATE VIEW ledger.entry_totals AS
            SELECT account_id, currency, status, month, sum(amount) AS amount, sum(rows)::bigint AS rows
            FROM (SELECT * FROM ledger.totals UNION ALL SELECT * FROM ledger.total_changes) t
            GROUP BY account_id, currency, status, month
            HAVING sum(rows) <> 0;
        """;

    // A row that is new has no settlement. Of the others only those are looked up whose sums change: most updates move observed_at alone. An
    // upsert calls both triggers; the one that has nothing to do must cost nothing.
    private const string OfTransactions = """
        CREATE FUNCTION ledger.total_transactions() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO ledger.total_changes (account_id, currency, status, month, amount, rows)
                SELECT account_id, currency, status, date_trunc('month', booked_on::timestamp)::date, sum(amount), count(*) FROM come GROUP BY 1, 2, 3, 4;
            ELSIF TG_OP = 'DELETE' THEN
                INSERT INTO ledger.total_changes (account_id, currency, status, month, amount, rows)
                SELECT account_id, currency, coalesce((SELECT kind FROM ledger.settlements WHERE row_id = id), status), date_trunc('month', booked_on::timestamp)::date,
                    -sum(amount), -count(*) FROM gone GROUP BY 1, 2, 3, 4;
            ELSIF EXISTS (SELECT FROM come) THEN
                INSERT INTO ledger.total_changes (account_id, currency, status, month, amount, rows)
                SELECT account_id, currency, coalesce((SELECT kind FROM ledger.settlements WHERE row_id = id), status), month, sum(amount), sum(rows)
                FROM (
                    SELECT id, account_id, currency, status, month, sum(amount) AS amount, sum(rows) AS rows
                    FROM (
                        SELECT id, account_id, currency, status, date_trunc('month', booked_on::timestamp)::date AS month, -amount AS amount, -1 AS rows FROM gone
                        UNION ALL
                        SELECT id, account_id, currency, status, date_trunc('month', booked_on::timestamp)::date, amount, 1 FROM come) AS both_sides
                    GROUP BY 1, 2, 3, 4, 5
                    HAVING sum(amount) <> 0 OR sum(rows) <> 0) AS changed
                GROUP BY 1, 2, 3, 4
                HAVING sum(amount) <> 0 OR sum(rows) <> 0;
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER total_inserted AFTER INSERT ON ledger.transactions REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION ledger.total_transactions();
        CREATE TRIGGER total_updated AFTER UPDATE ON ledger.transactions REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION ledger.total_transactions();
        CREATE TRIGGER total_deleted AFTER DELETE ON ledger.transactions REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger.total_transactions();
        """;

    // The rows are locked against change first, in the order in which deliveries lock them. So of two who change a row and its settlement at
    // once the later one sees what the earlier did; without that each would count from what the other has already changed.
    private const string OfSettlements = """
        CREATE FUNCTION ledger.total_settlements() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                PERFORM FROM ledger.transactions WHERE id IN (SELECT row_id FROM gone) ORDER BY account_id, external_id FOR SHARE;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                PERFORM FROM ledger.transactions WHERE id IN (SELECT row_id FROM come) ORDER BY account_id, external_id FOR SHARE;
            END IF;
            IF TG_OP <> 'INSERT' THEN
                INSERT INTO ledger.total_changes (account_id, currency, status, month, amount, rows)
                SELECT t.account_id, t.currency, v.status, date_trunc('month', t.booked_on::timestamp)::date, sum(v.sign * t.amount), sum(v.sign)
                FROM gone s JOIN ledger.transactions t ON t.id = s.row_id CROSS JOIN LATERAL (VALUES (s.kind, -1), (t.status, 1)) AS v (status, sign)
                GROUP BY 1, 2, 3, 4;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT INTO ledger.total_changes (account_id, currency, status, month, amount, rows)
                SELECT t.account_id, t.currency, v.status, date_trunc('month', t.booked_on::timestamp)::date, sum(v.sign * t.amount), sum(v.sign)
                FROM come s JOIN ledger.transactions t ON t.id = s.row_id CROSS JOIN LATERAL (VALUES (s.kind, 1), (t.status, -1)) AS v (status, sign)
                GROUP BY 1, 2, 3, 4;
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER total_inserted AFTER INSERT ON ledger.settlements REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION ledger.total_settlements();
        CREATE TRIGGER total_updated AFTER UPDATE ON ledger.settlements REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION ledger.total_settlements();
        CREATE TRIGGER total_deleted AFTER DELETE ON ledger.settlements REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger.total_settlements();
        """;

    private const string Upkeep = """
        -- One folds at a time; another who comes meanwhile leaves it to him.
        CREATE FUNCTION ledger.fold_totals() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT pg_try_advisory_xact_lock(hashtextextended('ledger.totals', 0)) THEN RETURN; END IF;
            WITH gone AS (DELETE FROM ledger.total_changes RETURNING *)
            INSERT INTO ledger.totals AS t (account_id, currency, status, month, amount, rows)
            SELECT account_id, currency, status, month, sum(amount), sum(rows) FROM gone GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0 OR sum(rows) <> 0
            ON CONFLICT (account_id, currency, status, month) DO UPDATE SET amount = t.amount + excluded.amount, rows = t.rows + excluded.rows;
        END $$;

        CREATE FUNCTION ledger.rebuild_totals() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('ledger.totals', 0));
            LOCK TABLE ledger.transactions, ledger.settlements IN SHARE MODE;
            DELETE FROM ledger.total_changes;
            DELETE FROM ledger.totals;
            INSERT INTO ledger.totals (account_id, currency, status, month, amount, rows)
            SELECT account_id, currency, effective_status, date_trunc('month', booked_on::timestamp)::date, sum(amount), count(*) FROM ledger.entries GROUP BY 1, 2, 3, 4;
        END $$;

        CREATE FUNCTION ledger.total_anew() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM ledger.rebuild_totals();
            RETURN NULL;
        END $$;
        CREATE TRIGGER total_truncated AFTER TRUNCATE ON ledger.transactions FOR EACH STATEMENT EXECUTE FUNCTION ledger.total_anew();
        CREATE TRIGGER total_truncated AFTER TRUNCATE ON ledger.settlements FOR EACH STATEMENT EXECUTE FUNCTION ledger.total_anew();
        """;
}
