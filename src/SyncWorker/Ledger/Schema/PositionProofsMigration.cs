using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Redbark.Sync.Worker.Ledger.Schema;

/// <summary>Positions beside what the broker holds, those included of which the broker alone knows.</summary>
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121100100_PositionProofs")]
internal sealed class PositionProofsMigration : Migration
{
    // Two halves rather than a full join: a condition on the account reaches the tables that way. Of several proofs the worst is shown.
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        CREATE VIEW ledger.position_proofs AS
            SELECT p.account_id, p.symbol, p.name, p.quantity, p.currency, p.trades, p.ignored, p.last_traded_on,
                r.status, r.cause, r.expected, r.actual, r.drift, r.since, r.observed_at
            FROM ledger.positions p
            LEFT JOIN LATERAL (SELECT * FROM ledger.reconciliations r WHERE r.account_id = p.account_id AND r.subject = p.symbol AND r.subject <> ''
                ORDER BY array_position(ARRAY['drift', 'settling', 'proved', 'unknown'], r.status), r.provider_account_id LIMIT 1) r ON true
            UNION ALL
            SELECT DISTINCT ON (r.account_id, r.subject) r.account_id, r.subject, NULL, 0, NULL, 0, 0, NULL, r.status, r.cause, r.expected, r.actual, r.drift, r.since, r.observed_at
            FROM ledger.reconciliations r
            WHERE r.subject <> '' AND NOT EXISTS (SELECT FROM ledger.trades t WHERE t.account_id = r.account_id AND coalesce(t.symbol, t.name, '') = r.subject)
            ORDER BY account_id, symbol;
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP VIEW ledger.position_proofs;");
}
