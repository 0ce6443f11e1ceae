using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Balances.Schema;

/// <summary>What providers say: connections, accounts, balances and holdings; and what calling them has to remember.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121040000_Balances")]
internal sealed class BalancesMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Providers);
        migrationBuilder.Sql(Readings);
        migrationBuilder.Sql(Calls);
        migrationBuilder.Sql("SELECT ledger.ensure_partitions(now(), 3);");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        DROP TABLE ledger.provider_tokens, ledger.provider_holds, ledger.provider_calls, ledger.holdings, ledger.balances, ledger.provider_accounts, ledger.connections;
        DROP SEQUENCE ledger.balance_ids, ledger.holding_ids;
        """);

    // A provider account proves a ledger account (account_id). linked_to is what the settings name for it, so that a link into nowhere
    // can be shown. failing_since: since when no usable balance has come; the last good one stays.
    private const string Providers = """
        CREATE TABLE ledger.connections (
            provider text COLLATE "C" NOT NULL,
            connection_id text COLLATE "C" NOT NULL,
            institution text,
            status text NOT NULL,
            first_seen_at timestamptz NOT NULL,
            last_listed_at timestamptz,
            error text,
            error_fault text,
            needs_attention_since timestamptz,
            PRIMARY KEY (provider, connection_id)
        );

        CREATE TABLE ledger.provider_accounts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            provider text COLLATE "C" NOT NULL,
            connection_id text COLLATE "C" NOT NULL,
            external_id text COLLATE "C" NOT NULL,
            account_id bigint,
            linked_to text,
            name text,
            type text,
            currency text,
            source text,
            is_brokerage boolean NOT NULL,
            first_seen_at timestamptz NOT NULL,
            last_listed_at timestamptz NOT NULL,
            gone_at timestamptz,
            last_attempt_at timestamptz,
            last_error text,
            last_error_fault text,
            failing_since timestamptz,
            not_before timestamptz,
            last_balance_id bigint,
            last_balance_at timestamptz,
            last_holdings_at timestamptz,
            UNIQUE (provider, connection_id, external_id),
            CHECK ((last_balance_id IS NULL) = (last_balance_at IS NULL)),
            CHECK ((failing_since IS NULL) = (last_error IS NULL) AND (last_error IS NULL) = (last_error_fault IS NULL))
        );
        CREATE INDEX provider_accounts_by_account ON ledger.provider_accounts (account_id) WHERE account_id IS NOT NULL;
        """;

    // One row a successful reading, kept for ever. The balance is the bank's at some moment from earliest_at to as_of, or to retrieved_at
    // when the provider gives no time of its own. Ids come from sequences: a partition made apart cannot share an identity column.
    private const string Readings = """
        CREATE SEQUENCE ledger.balance_ids;
        CREATE TABLE ledger.balances (
            id bigint NOT NULL DEFAULT nextval('ledger.balance_ids'),
            provider_account_id bigint NOT NULL,
            account_id bigint,
            retrieved_at timestamptz NOT NULL,
            earliest_at timestamptz NOT NULL,
            as_of timestamptz,
            currency text COLLATE "C" NOT NULL,
            current numeric,
            current_origin text CHECK (current_origin IN ('reported', 'fallback_from_expected', 'fallback_from_available')),
            available numeric,
            available_includes_credit text NOT NULL CHECK (available_includes_credit IN ('unknown', 'not_included', 'included')),
            credit_limit numeric,
            flags text[] NOT NULL,
            figures jsonb NOT NULL,
            PRIMARY KEY (retrieved_at, id),
            CHECK ((current IS NULL) = (current_origin IS NULL)),
            CHECK (earliest_at <= retrieved_at)
        ) PARTITION BY RANGE (retrieved_at);
        CREATE INDEX balances_by_provider_account ON ledger.balances (provider_account_id, retrieved_at, id);
        CREATE INDEX balances_by_account ON ledger.balances (account_id, retrieved_at, id) WHERE account_id IS NOT NULL;

        CREATE SEQUENCE ledger.holding_ids;
        CREATE TABLE ledger.holdings (
            id bigint NOT NULL DEFAULT nextval('ledger.holding_ids'),
            provider_account_id bigint NOT NULL,
            account_id bigint,
            retrieved_at timestamptz NOT NULL,
            earliest_at timestamptz NOT NULL,
            symbol text COLLATE "C",
            name text,
            quantity numeric,
            currency text COLLATE "C",
            average_price numeric,
            current_price numeric,
            market_value numeric,
            figures jsonb NOT NULL,
            PRIMARY KEY (retrieved_at, id),
            CHECK (earliest_at <= retrieved_at)
        ) PARTITION BY RANGE (retrieved_at);
        CREATE INDEX holdings_by_provider_account ON ledger.holdings (provider_account_id, retrieved_at, id);
        CREATE INDEX holdings_by_account ON ledger.holdings (account_id, retrieved_at, id) WHERE account_id IS NOT NULL;
        """;

    private const string Calls = """
        CREATE TABLE ledger.provider_calls (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            provider text COLLATE "C" NOT NULL,
            connection_id text COLLATE "C" NOT NULL,
            account_id text COLLATE "C" NOT NULL,
            endpoint text COLLATE "C" NOT NULL,
            called_at timestamptz NOT NULL
        );
        CREATE INDEX provider_calls_by_key ON ledger.provider_calls (provider, connection_id, account_id, endpoint, called_at);

        -- An empty part stands for all.
        CREATE TABLE ledger.provider_holds (
            provider text COLLATE "C" NOT NULL,
            connection_id text COLLATE "C" NOT NULL,
            account_id text COLLATE "C" NOT NULL,
            endpoint text COLLATE "C" NOT NULL,
            not_before timestamptz NOT NULL,
            PRIMARY KEY (provider, connection_id, account_id, endpoint)
        );

        CREATE TABLE ledger.provider_tokens (
            provider text COLLATE "C" NOT NULL,
            connection_id text COLLATE "C" NOT NULL,
            sealed bytea NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (provider, connection_id)
        );
        """;
}
