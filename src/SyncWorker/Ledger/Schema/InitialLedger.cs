using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>
/// The first ledger. Three decisions carry it:
/// <list type="bullet">
/// <item>History is kept by system versioning: a trigger moves the former version of a row into the revisions table, so a first
/// sync writes each row once, not twice, and not even an operator's UPDATE or DELETE loses a version.</item>
/// <item>What grows for ever (deliveries, revisions) is partitioned by month from the start; later would be a rewrite.</item>
/// <item>The hot tables have no foreign keys: the writer holds a lock on the accounts it writes to, and a trigger on
/// <c>accounts</c> refuses to remove one that still has rows. A key would cost a look-up for every row.</item>
/// </list>
/// </summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261101000000_InitialLedger")]
internal sealed class InitialLedger : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Partitions);
        migrationBuilder.Sql(Accounts);
        migrationBuilder.Sql(Transactions);
        migrationBuilder.Sql(Trades);
        migrationBuilder.Sql(History);
        migrationBuilder.Sql(Deliveries);
        migrationBuilder.Sql(Runs);
        migrationBuilder.Sql(Quarantine);
        migrationBuilder.Sql(Outbox);
        migrationBuilder.Sql("SELECT ledger.ensure_partitions(now(), 3);");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP SCHEMA ledger CASCADE;");

    private const string Partitions = """
        CREATE SCHEMA IF NOT EXISTS ledger;

        -- Made apart and attached: ATTACH lets readers and writers of the parent go on, CREATE … PARTITION OF does not.
        CREATE FUNCTION ledger.ensure_partition(parent text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            lower_bound date := date_trunc('month', at AT TIME ZONE 'UTC');
            upper_bound date := lower_bound + interval '1 month';
            partition text := parent || to_char(lower_bound, '_YYYY_MM');
        BEGIN
            IF to_regclass(format('ledger.%I', partition)) IS NOT NULL THEN RETURN; END IF;
            PERFORM pg_advisory_xact_lock(hashtextextended('ledger.partitions', 0));
            IF to_regclass(format('ledger.%I', partition)) IS NOT NULL THEN RETURN; END IF;
            EXECUTE format('CREATE TABLE ledger.%I (LIKE ledger.%I INCLUDING ALL)', partition, parent);
            EXECUTE format('ALTER TABLE ledger.%I ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)',
                parent, partition, lower_bound || ' 00:00:00+00', upper_bound || ' 00:00:00+00');
        END $$;

        -- The month of a time and some months after it, for every partitioned table of the schema.
        CREATE FUNCTION ledger.ensure_partitions(at timestamptz, ahead int) RETURNS void LANGUAGE sql AS $$
            SELECT ledger.ensure_partition(c.relname, (date_trunc('month', at AT TIME ZONE 'UTC') + n * interval '1 month') AT TIME ZONE 'UTC')
            FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid, generate_series(0, ahead) n
            WHERE c.relnamespace = 'ledger'::regnamespace
            ORDER BY c.relname, n
        $$;
        """;

    private const string Accounts = """
        CREATE TABLE ledger.accounts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            provider text NOT NULL,
            external_id text COLLATE "C",
            public_id text COLLATE "C",
            name text,
            name_observed_at timestamptz,
            currency char(3),
            currency_observed_at timestamptz,
            first_seen_at timestamptz NOT NULL,
            last_delivery_at timestamptz NOT NULL,
            UNIQUE (provider, external_id),
            UNIQUE (provider, public_id),
            CHECK (external_id IS NOT NULL OR public_id IS NOT NULL)
        );

        -- Two accounts that turned out to be one: the rows of merged_id moved to account_id.
        CREATE TABLE ledger.account_merges (
            merged_id bigint PRIMARY KEY,
            account_id bigint NOT NULL,
            external_id text NOT NULL,
            public_id text NOT NULL,
            delivery_id uuid NOT NULL,
            merged_at timestamptz NOT NULL
        );
        """;

    // currency_assumed: the row named no currency and took its account's; it follows when the account's is corrected.
    private const string Transactions = """
        CREATE TABLE ledger.transactions (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account_id bigint NOT NULL,
            external_id text COLLATE "C" NOT NULL,
            status text COLLATE "C" NOT NULL CHECK (status IN ('pending', 'posted')),
            amount numeric NOT NULL,
            currency char(3) NOT NULL,
            currency_assumed boolean NOT NULL,
            booked_on date NOT NULL,
            posted_on date,
            occurred_at timestamptz,
            description text,
            extended_description text,
            merchant_name text,
            category text,
            custom_category text,
            merchant_category_code text,
            reference text,
            class text,
            observed_at timestamptz NOT NULL,
            content_hash uuid NOT NULL,
            revision int NOT NULL,
            delivery_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            UNIQUE (account_id, external_id)
        );
        CREATE INDEX transactions_by_booking ON ledger.transactions (account_id, booked_on, id);
        CREATE INDEX transactions_pending ON ledger.transactions (account_id, booked_on, id) WHERE status = 'pending';

        CREATE TABLE ledger.transaction_revisions (
            transaction_id bigint NOT NULL,
            revision int NOT NULL,
            account_id bigint NOT NULL,
            external_id text COLLATE "C" NOT NULL,
            status text COLLATE "C" NOT NULL,
            amount numeric NOT NULL,
            currency char(3) NOT NULL,
            currency_assumed boolean NOT NULL,
            booked_on date NOT NULL,
            posted_on date,
            occurred_at timestamptz,
            description text,
            extended_description text,
            merchant_name text,
            category text,
            custom_category text,
            merchant_category_code text,
            reference text,
            class text,
            observed_at timestamptz NOT NULL,
            content_hash uuid NOT NULL,
            delivery_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            superseded_at timestamptz NOT NULL,
            removed boolean NOT NULL,
            PRIMARY KEY (transaction_id, revision, superseded_at)
        ) PARTITION BY RANGE (superseded_at);

        CREATE VIEW ledger.transaction_versions AS
            SELECT id AS transaction_id, revision, account_id, external_id, status, amount, currency, currency_assumed, booked_on, posted_on, occurred_at,
                description, extended_description, merchant_name, category, custom_category, merchant_category_code, reference, class,
                observed_at, content_hash, delivery_id, recorded_at, NULL::timestamptz AS superseded_at, false AS removed
            FROM ledger.transactions
            UNION ALL
            SELECT transaction_id, revision, account_id, external_id, status, amount, currency, currency_assumed, booked_on, posted_on, occurred_at,
                description, extended_description, merchant_name, category, custom_category, merchant_category_code, reference, class,
                observed_at, content_hash, delivery_id, recorded_at, superseded_at, removed
            FROM ledger.transaction_revisions;
        """;

    private const string Trades = """
        CREATE TABLE ledger.trades (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            account_id bigint NOT NULL,
            external_id text COLLATE "C" NOT NULL,
            type text NOT NULL,
            symbol text,
            name text,
            quantity numeric,
            price numeric,
            total_amount numeric,
            fees numeric,
            currency char(3) NOT NULL,
            currency_assumed boolean NOT NULL,
            traded_on date NOT NULL,
            settled_on date,
            description text,
            observed_at timestamptz NOT NULL,
            content_hash uuid NOT NULL,
            revision int NOT NULL,
            delivery_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            UNIQUE (account_id, external_id)
        );
        CREATE INDEX trades_by_day ON ledger.trades (account_id, traded_on, id);
        CREATE INDEX trades_by_day_of_all ON ledger.trades (traded_on, id);
        CREATE INDEX trades_by_symbol ON ledger.trades USING hash (symbol);

        CREATE TABLE ledger.trade_revisions (
            trade_id bigint NOT NULL,
            revision int NOT NULL,
            account_id bigint NOT NULL,
            external_id text COLLATE "C" NOT NULL,
            type text NOT NULL,
            symbol text,
            name text,
            quantity numeric,
            price numeric,
            total_amount numeric,
            fees numeric,
            currency char(3) NOT NULL,
            currency_assumed boolean NOT NULL,
            traded_on date NOT NULL,
            settled_on date,
            description text,
            observed_at timestamptz NOT NULL,
            content_hash uuid NOT NULL,
            delivery_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            superseded_at timestamptz NOT NULL,
            removed boolean NOT NULL,
            PRIMARY KEY (trade_id, revision, superseded_at)
        ) PARTITION BY RANGE (superseded_at);

        CREATE VIEW ledger.trade_versions AS
            SELECT id AS trade_id, revision, account_id, external_id, type, symbol, name, quantity, price, total_amount, fees, currency, currency_assumed,
                traded_on, settled_on, description, observed_at, content_hash, delivery_id, recorded_at, NULL::timestamptz AS superseded_at, false AS removed
            FROM ledger.trades
            UNION ALL
            SELECT trade_id, revision, account_id, external_id, type, symbol, name, quantity, price, total_amount, fees, currency, currency_assumed,
                traded_on, settled_on, description, observed_at, content_hash, delivery_id, recorded_at, superseded_at, removed
            FROM ledger.trade_revisions;

        -- Buys less sells. What moves no known quantity (dividends, splits, a trade without one) is counted in ignored.
        -- The sign of a sell's quantity is not documented, so only its size counts.
        CREATE VIEW ledger.positions AS
            SELECT account_id, coalesce(symbol, name, '') AS symbol, max(name) AS name,
                coalesce(sum(CASE type WHEN 'buy' THEN abs(quantity) WHEN 'sell' THEN -abs(quantity) END), 0) AS quantity,
                CASE WHEN min(currency) = max(currency) THEN min(currency) END AS currency,
                count(*) FILTER (WHERE type IN ('buy', 'sell') AND quantity IS NOT NULL) AS trades,
                count(*) FILTER (WHERE type NOT IN ('buy', 'sell') OR quantity IS NULL) AS ignored,
                max(traded_on) AS last_traded_on
            FROM ledger.trades
            GROUP BY account_id, coalesce(symbol, name, '');
        """;

    // A change made by hand leaves the revision as it was: the trigger then counts it, and gives the row a hash that no
    // observation has, so that the bank's next one is seen to differ.
    private const string History = """
        CREATE FUNCTION ledger.keep_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.revision = OLD.revision THEN
                NEW.revision := OLD.revision + 1;
                NEW.content_hash := gen_random_uuid();
                NEW.recorded_at := now();
            END IF;
            INSERT INTO ledger.transaction_revisions (transaction_id, revision, account_id, external_id, status, amount, currency, currency_assumed,
                booked_on, posted_on, occurred_at, description, extended_description, merchant_name, category, custom_category, merchant_category_code,
                reference, class, observed_at, content_hash, delivery_id, recorded_at, superseded_at, removed)
            VALUES (OLD.id, OLD.revision, OLD.account_id, OLD.external_id, OLD.status, OLD.amount, OLD.currency, OLD.currency_assumed,
                OLD.booked_on, OLD.posted_on, OLD.occurred_at, OLD.description, OLD.extended_description, OLD.merchant_name, OLD.category,
                OLD.custom_category, OLD.merchant_category_code, OLD.reference, OLD.class, OLD.observed_at, OLD.content_hash, OLD.delivery_id,
                OLD.recorded_at, CASE TG_OP WHEN 'UPDATE' THEN NEW.recorded_at ELSE now() END, TG_OP = 'DELETE');
            RETURN CASE TG_OP WHEN 'UPDATE' THEN NEW ELSE OLD END;
        END $$;

        CREATE TRIGGER keep_changed BEFORE UPDATE ON ledger.transactions FOR EACH ROW
            WHEN ((OLD.account_id, OLD.external_id, OLD.status, OLD.amount, OLD.currency, OLD.booked_on, OLD.posted_on, OLD.occurred_at, OLD.description,
                   OLD.extended_description, OLD.merchant_name, OLD.category, OLD.custom_category, OLD.merchant_category_code, OLD.reference, OLD.class,
                   OLD.content_hash)
               IS DISTINCT FROM
                  (NEW.account_id, NEW.external_id, NEW.status, NEW.amount, NEW.currency, NEW.booked_on, NEW.posted_on, NEW.occurred_at, NEW.description,
                   NEW.extended_description, NEW.merchant_name, NEW.category, NEW.custom_category, NEW.merchant_category_code, NEW.reference, NEW.class,
                   NEW.content_hash))
            EXECUTE FUNCTION ledger.keep_transaction();
        CREATE TRIGGER keep_removed BEFORE DELETE ON ledger.transactions FOR EACH ROW EXECUTE FUNCTION ledger.keep_transaction();

        CREATE FUNCTION ledger.keep_trade() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.revision = OLD.revision THEN
                NEW.revision := OLD.revision + 1;
                NEW.content_hash := gen_random_uuid();
                NEW.recorded_at := now();
            END IF;
            INSERT INTO ledger.trade_revisions (trade_id, revision, account_id, external_id, type, symbol, name, quantity, price, total_amount, fees,
                currency, currency_assumed, traded_on, settled_on, description, observed_at, content_hash, delivery_id, recorded_at, superseded_at, removed)
            VALUES (OLD.id, OLD.revision, OLD.account_id, OLD.external_id, OLD.type, OLD.symbol, OLD.name, OLD.quantity, OLD.price, OLD.total_amount,
                OLD.fees, OLD.currency, OLD.currency_assumed, OLD.traded_on, OLD.settled_on, OLD.description, OLD.observed_at, OLD.content_hash,
                OLD.delivery_id, OLD.recorded_at, CASE TG_OP WHEN 'UPDATE' THEN NEW.recorded_at ELSE now() END, TG_OP = 'DELETE');
            RETURN CASE TG_OP WHEN 'UPDATE' THEN NEW ELSE OLD END;
        END $$;

        CREATE TRIGGER keep_changed BEFORE UPDATE ON ledger.trades FOR EACH ROW
            WHEN ((OLD.account_id, OLD.external_id, OLD.type, OLD.symbol, OLD.name, OLD.quantity, OLD.price, OLD.total_amount, OLD.fees, OLD.currency,
                   OLD.traded_on, OLD.settled_on, OLD.description, OLD.content_hash)
               IS DISTINCT FROM
                  (NEW.account_id, NEW.external_id, NEW.type, NEW.symbol, NEW.name, NEW.quantity, NEW.price, NEW.total_amount, NEW.fees, NEW.currency,
                   NEW.traded_on, NEW.settled_on, NEW.description, NEW.content_hash))
            EXECUTE FUNCTION ledger.keep_trade();
        CREATE TRIGGER keep_removed BEFORE DELETE ON ledger.trades FOR EACH ROW EXECUTE FUNCTION ledger.keep_trade();

        -- Old months are dropped as whole partitions; a single version is never changed or removed.
        CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% keeps history: rows are added, never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger.transaction_revisions FOR EACH ROW EXECUTE FUNCTION ledger.refuse();
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger.trade_revisions FOR EACH ROW EXECUTE FUNCTION ledger.refuse();

        CREATE FUNCTION ledger.keep_account_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM ledger.transactions WHERE account_id = OLD.id) OR EXISTS (SELECT FROM ledger.trades WHERE account_id = OLD.id) THEN
                RAISE EXCEPTION 'account % still has rows', OLD.id USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN OLD;
        END $$;
        CREATE TRIGGER keep_in_use BEFORE DELETE ON ledger.accounts FOR EACH ROW EXECUTE FUNCTION ledger.keep_account_in_use();
        """;

    // The id is a version 7 UUID whose time is received_at, so a look-up by id names its partition too.
    private const string Deliveries = """
        CREATE TABLE ledger.deliveries (
            received_at timestamptz NOT NULL,
            id uuid NOT NULL,
            feed text NOT NULL,
            time_zone text NOT NULL,
            signed_at timestamptz NOT NULL,
            event_id text COLLATE "C",
            event_type text,
            api_version text,
            created_at timestamptz,
            observed_at timestamptz,
            run_id text COLLATE "C",
            chunk int,
            total_chunks int,
            secret_name text NOT NULL,
            headers jsonb NOT NULL,
            body bytea,
            body_length int NOT NULL,
            body_sha256 text COLLATE "C" NOT NULL,
            unknown_fields jsonb NOT NULL,
            status text COLLATE "C" NOT NULL CHECK (status IN ('applied', 'duplicate', 'unreadable', 'unrecognised', 'parked')),
            duplicate_of uuid,
            conflicts_with uuid,
            error text,
            rows int NOT NULL,
            applied int NOT NULL,
            unchanged int NOT NULL,
            quarantined int NOT NULL,
            ignored int NOT NULL,
            ignored_reasons jsonb NOT NULL,
            recorded_at timestamptz NOT NULL,
            replayed_at timestamptz,
            PRIMARY KEY (received_at, id),
            CONSTRAINT every_row_is_counted CHECK (applied + unchanged + quarantined + ignored = rows),
            CONSTRAINT body_is_kept_once CHECK ((body IS NULL) = (duplicate_of IS NOT NULL))
        ) PARTITION BY RANGE (received_at);
        -- It comes compressed.
        ALTER TABLE ledger.deliveries ALTER COLUMN body SET STORAGE EXTERNAL;
        CREATE INDEX deliveries_by_event ON ledger.deliveries (event_id) WHERE event_id IS NOT NULL;
        CREATE INDEX deliveries_by_run ON ledger.deliveries (run_id) WHERE run_id IS NOT NULL;
        CREATE INDEX deliveries_by_type ON ledger.deliveries (event_type, received_at);
        CREATE INDEX deliveries_by_feed ON ledger.deliveries (feed, received_at);
        CREATE INDEX deliveries_by_status ON ledger.deliveries (status, received_at);
        """;

    private const string Runs = """
        CREATE TABLE ledger.sync_runs (
            feed text COLLATE "C" NOT NULL,
            run_id text COLLATE "C" NOT NULL,
            type text COLLATE "C" NOT NULL,
            first_at timestamptz NOT NULL,
            last_at timestamptz NOT NULL,
            total_chunks int,
            PRIMARY KEY (feed, run_id, type)
        );
        CREATE INDEX sync_runs_by_time ON ledger.sync_runs (last_at);

        CREATE TABLE ledger.sync_run_chunks (
            feed text COLLATE "C" NOT NULL,
            run_id text COLLATE "C" NOT NULL,
            type text COLLATE "C" NOT NULL,
            chunk int NOT NULL,
            delivery_id uuid NOT NULL,
            received_at timestamptz NOT NULL,
            rows int NOT NULL,
            new_count int,
            updated_count int,
            PRIMARY KEY (feed, run_id, type, chunk, delivery_id)
        );

        -- A sender's total is not trusted to be small: at most 10,000 chunks are looked for.
        CREATE VIEW ledger.sync_run_progress AS
            SELECT r.feed, r.run_id, r.type, r.first_at, r.last_at, r.total_chunks, c.received_chunks, c.rows, m.missing_chunks
            FROM ledger.sync_runs r
            CROSS JOIN LATERAL (
                SELECT count(DISTINCT chunk)::int AS received_chunks, coalesce(sum(rows), 0)::bigint AS rows FROM ledger.sync_run_chunks c
                WHERE (c.feed, c.run_id, c.type) = (r.feed, r.run_id, r.type)) c
            CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(n ORDER BY n), '{}') AS missing_chunks FROM generate_series(1, CASE WHEN r.total_chunks IS NULL THEN 0 ELSE least(r.total_chunks, 10000) END) n
                WHERE NOT EXISTS (SELECT FROM ledger.sync_run_chunks c
                    WHERE (c.feed, c.run_id, c.type, c.chunk) = (r.feed, r.run_id, r.type, n))) m;
        """;

    // raw_json is text, not jsonb, which refuses \u0000. parsed holds a row that was understood and only waits for its account's currency.
    private const string Quarantine = """
        CREATE TABLE ledger.quarantine (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            delivery_id uuid NOT NULL,
            delivery_received_at timestamptz NOT NULL,
            row_index int NOT NULL,
            origin text NOT NULL CHECK (origin IN ('new', 'updated')),
            kind text NOT NULL CHECK (kind IN ('transaction', 'trade')),
            reason text NOT NULL,
            detail text NOT NULL,
            external_id text COLLATE "C",
            account_id bigint,
            raw_json text NOT NULL,
            parsed text,
            observed_at timestamptz,
            row_hash uuid NOT NULL,
            state text COLLATE "C" NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'applied', 'dropped')),
            note text,
            created_at timestamptz NOT NULL,
            resolved_at timestamptz,
            CHECK ((state = 'open') = (resolved_at IS NULL))
        );
        -- One open item for the same bad row; one that an operator dropped does not come back.
        CREATE UNIQUE INDEX quarantine_once ON ledger.quarantine (row_hash) WHERE state <> 'applied';
        CREATE INDEX quarantine_by_delivery ON ledger.quarantine (delivery_id);
        CREATE INDEX quarantine_by_reason ON ledger.quarantine (reason, id);
        CREATE INDEX quarantine_by_state ON ledger.quarantine (state, id);
        CREATE INDEX quarantine_waiting ON ledger.quarantine (account_id) WHERE state = 'open' AND account_id IS NOT NULL;
        """;

    // One entry names all that a delivery changed. What it changed it to is read when it is published, from the row or its revisions,
    // and so is which event tells it.
    private const string Outbox = """
        CREATE TABLE ledger.outbox (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            subject text NOT NULL CHECK (subject IN ('transactions', 'trades')),
            ids bigint[] NOT NULL,
            revisions int[] NOT NULL,
            recorded_at timestamptz NOT NULL
        );
        """;
}
