using System.Data.Common;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Api;

/// <summary>A browser that goes away after the commit, before the answer is read from the ledger.</summary>
public sealed class AbandonedRequestTests : IAsyncLifetime
{
    private readonly GoingAway _goingAway = new();
    private TestDatabase? _database;
    private ApiHost? _host;

    private ApiHost Host => _host!;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _host = await ApiHost.StartAsync(_database.ConnectionString, new() { ["Api:Tokens:0"] = ApiHost.Token, ["Schedule:Enabled"] = "false" }, services =>
        {
            services.AddHttpContextAccessor();
            services.ConfigureDbContext<LedgerDbContext>((provider, options) =>
            {
                _goingAway.Requests = provider.GetRequiredService<IHttpContextAccessor>();
                options.AddInterceptors(_goingAway);
            });
        });
        await Host.Services.GetRequiredService<DatabaseReadiness>().WaitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task What_was_committed_is_written_down_as_done()
    {
        await Host.QuarantineAsync(11, Guid.CreateVersion7());
        await Host.SqlAsync("""
            INSERT INTO ledger.gaps (id, kind, key, missing_chunks, from_day, to_day, as_of, detected_at, opened_at, state, attempts, rows_read, rows_applied)
            OVERRIDING SYSTEM VALUE VALUES (21, 'silent_feed', 'k', '{}', '2026-11-01', '2026-11-05', now(), now(), now(), 'failed', 1, 0, 0)
            """);
        await Host.SqlAsync("""
            INSERT INTO ledger.operations (id, kind, request, state, requested_at, not_before)
            OVERRIDING SYSTEM VALUE VALUES (31, 'replay', '{"From": "2026-01-01T00:00:00Z"}', 'queued', now(), now() + interval '1 hour')
            """);
        await Host.AccountAsync(41);
        await Host.TransactionAsync(51, 41, "-10.00", status: "pending");
        await Host.TransactionAsync(52, 41, "-10.00");

        await GoAwayAsync("ledger.quarantine", "/api/v1/quarantine/11/drop");
        await GoAwayAsync("ledger.gaps", "/api/v1/gaps/21/retry");
        await GoAwayAsync("ledger.operations", "/api/v1/operations/31/cancel");
        await GoAwayAsync("ledger.operations", "/api/v1/operations/replay", new { from = "2026-02-01" });
        await GoAwayAsync("entr", "/api/v1/transactions/51/settle-by/52");

        Assert.Equal(
            ["quarantine.drop 11 done", "gap.retry 21 done", "operation.cancel 31 done", "operation.replay 1 done", "transaction.link 51 52 done"],
            (await Host.AllAsync("/api/v1/audit", limit: 10)).AsEnumerable().Reverse().Select(entry => $"{entry["action"]} {entry["subject"]} {entry["outcome"]}"));
    }

    private async Task GoAwayAsync(string beforeReading, string address, object? body = null)
    {
        var written = (await Host.AllAsync("/api/v1/audit", limit: 100)).Count;
        _goingAway.BeforeReading = beforeReading;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Host.Client.PostAsync(address, body is null ? null : JsonContent.Create(body)));
        Assert.Null(_goingAway.BeforeReading);
        await Eventually.HoldsAsync(async () => (await Host.AllAsync("/api/v1/audit", limit: 100)).Count > written, $"an entry of {address}", () => Host.Logs.Errors);
    }

    /// <summary>Ends the request when it reads from a table.</summary>
    private sealed class GoingAway : DbCommandInterceptor
    {
        public IHttpContextAccessor? Requests { get; set; }

        /// <summary>A part of the SQL; null once it happened.</summary>
        public string? BeforeReading { get; set; }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (BeforeReading is { } part && Requests?.HttpContext is { Request.Method: "POST" } http && command.CommandText.Contains(part, StringComparison.Ordinal))
            {
                BeforeReading = null;
                var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using (http.RequestAborted.Register(gone.SetResult))
                {
                    http.Abort();
                    await gone.Task;
                }
            }

            return result;
        }
    }
}
