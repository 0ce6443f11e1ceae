using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Operations;

/// <summary>Long work that somebody asked for.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121110000_Operations")]
internal sealed class OperationsMigration : Migration
{
    // lease names one claim: who writes progress must still hold it, so of two workers that think they have an operation one is told otherwise.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE TABLE ledger.operations (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text COLLATE "C" NOT NULL CHECK (kind IN ('replay', 'backfill')),
            request jsonb NOT NULL,
            state text COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
            requested_at timestamptz NOT NULL,
            requested_by text,
            cancelled_at timestamptz,
            cancelled_by text,
            started_at timestamptz,
            progressed_at timestamptz,
            finished_at timestamptz,
            not_before timestamptz,
            worker text,
            lease uuid,
            lease_until timestamptz,
            claims int NOT NULL DEFAULT 0,
            cursor text,
            total bigint,
            done bigint NOT NULL DEFAULT 0,
            counts jsonb NOT NULL DEFAULT '{}',
            doing text,
            error text,
            CONSTRAINT finished_at_its_end CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
            CONSTRAINT leased_while_it_runs CHECK ((state = 'running') = (lease IS NOT NULL))
        );
        -- The same is not asked for twice at once.
        CREATE UNIQUE INDEX operations_once ON ledger.operations (kind, request) WHERE finished_at IS NULL;
        CREATE INDEX operations_unfinished ON ledger.operations (id) WHERE finished_at IS NULL;
        CREATE INDEX operations_finished ON ledger.operations (finished_at) WHERE finished_at IS NOT NULL;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE ledger.operations;");
}
