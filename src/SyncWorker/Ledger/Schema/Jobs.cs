using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>The runs of scheduled jobs, and what one of them learns of the feeds. What the scheduler itself keeps is its own affair, in a schema of its own.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121020000_Jobs")]
internal sealed class Jobs : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Runs);
        migrationBuilder.Sql(Feeds);
        migrationBuilder.Sql("SELECT ledger.ensure_partitions(now(), 3);");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE ledger.job_runs, ledger.feed_states;");

    // The id is a version 7 UUID whose time is started_at, so a look-up by id names its partition too.
    private const string Runs = """
        CREATE TABLE ledger.job_runs (
            started_at timestamptz NOT NULL,
            id uuid NOT NULL,
            job text COLLATE "C" NOT NULL,
            trigger text COLLATE "C" NOT NULL CHECK (trigger IN ('schedule', 'manual', 'made-up')),
            due_at timestamptz,
            finished_at timestamptz,
            outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('running', 'succeeded', 'failed', 'skipped', 'cancelled', 'lost')),
            message text,
            error text,
            worker text NOT NULL,
            PRIMARY KEY (started_at, id),
            CONSTRAINT finished_when_not_running CHECK ((outcome = 'running') = (finished_at IS NULL)),
            CONSTRAINT what_is_asked_for_is_not_due CHECK ((trigger = 'manual') = (due_at IS NULL))
        ) PARTITION BY RANGE (started_at);
        CREATE INDEX job_runs_by_job ON ledger.job_runs (job, started_at DESC, id DESC);
        CREATE INDEX job_runs_unfinished ON ledger.job_runs (job) WHERE outcome = 'running';
        """;

    private const string Feeds = """
        CREATE TABLE ledger.feed_states (
            feed text PRIMARY KEY,
            last_delivery_at timestamptz NOT NULL,
            usual_pause interval,
            pauses int NOT NULL,
            silent_after interval,
            silent_since timestamptz,
            checked_at timestamptz NOT NULL
        );
        """;
}
