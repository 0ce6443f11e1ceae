using System.Data;
using Microsoft.Extensions.Options;
using Npgsql;
using Redbark.Sync.Worker.Reconciliation;

namespace Redbark.Sync.Worker.Export;

/// <summary>Opens exports of the ledger.</summary>
internal sealed class LedgerExporter(NpgsqlDataSource database, IOptions<ExportOptions> options, IOptions<ReconciliationOptions> reconciliation)
{
    /// <summary>Reads what stands at the head of an export; its lines are read while they are written.</summary>
    /// <returns>Null when there is no such account.</returns>
    public async Task<LedgerExport?> OpenAsync(ExportRequest request, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            // One state of the ledger from the first line to the last.
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            var export = new LedgerExport(connection, transaction, request);
            if (await export.PrepareAsync(options.Value, reconciliation.Value, cancellation))
                return export;
            await export.DisposeAsync();
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
