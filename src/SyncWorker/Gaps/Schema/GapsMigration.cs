using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Gaps.Schema;

/// <summary>Where rows may be missing, and what was read there.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121060000_Gaps")]
internal sealed class GapsMigration : Migration
{
    // as_of: data of the bank from before this time proves nothing about the gap. key names what happened, so that it is recorded once.
    // rows_before: rows that entered before it was opened again.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE ledger.gaps (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text COLLATE "C" NOT NULL CHECK (kind IN ('missing_chunk', 'silent_feed', 'drift')),
            key text COLLATE "C" NOT NULL,
            account_id bigint,
            feed text COLLATE "C",
            run_id text COLLATE "C",
            type text COLLATE "C",
            missing_chunks int[] NOT NULL,
            from_day date NOT NULL,
            to_day date NOT NULL,
            amount numeric,
            as_of timestamptz NOT NULL,
            detected_at timestamptz NOT NULL,
            opened_at timestamptz NOT NULL,
            state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'healing', 'healed', 'empty', 'failed')),
            attempts int NOT NULL,
            not_before timestamptz,
            last_error text,
            closed_at timestamptz,
            rows_read int NOT NULL,
            rows_applied int NOT NULL,
            rows_before int NOT NULL DEFAULT 0,
            note text,
            UNIQUE (kind, key),
            CHECK (from_day <= to_day),
            CHECK ((state IN ('healed', 'empty')) = (closed_at IS NOT NULL))
        );
        CREATE INDEX gaps_not_closed ON ledger.gaps (id) WHERE closed_at IS NULL;

        CREATE TABLE ledger.gap_reads (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            gap_id bigint NOT NULL REFERENCES ledger.gaps (id) ON DELETE CASCADE,
            provider_account_id bigint NOT NULL,
            account_id bigint,
            from_day date NOT NULL,
            to_day date NOT NULL,
            days int NOT NULL,
            counts int NOT NULL,
            read_at timestamptz NOT NULL,
            not_older_than timestamptz NOT NULL,
            rows int NOT NULL,
            applied int NOT NULL,
            delivery_ids uuid[] NOT NULL,
            truncated_days date[] NOT NULL,
            unusable jsonb NOT NULL
        );
        CREATE INDEX gap_reads_by_gap ON ledger.gap_reads (gap_id, id);
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE ledger.gap_reads, ledger.gaps;");
}
