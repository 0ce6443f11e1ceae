using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed class AuditTests
{
    [Fact]
    public async Task What_people_and_programs_do_is_written_down_with_who_what_from_where_and_how_it_ended()
    {
        await using var console = await ConsoleHost.StartAsync();
        using var browser = new Browser(console.Host);
        (await browser.SignInAsync("wrong")).Dispose();
        (await browser.SignInAsync(Browser.Password)).Dispose();
        (await browser.PostAsync("/jobs/reconcile/run", await browser.TokenAsync("/jobs"))).Dispose();
        (await browser.PostAsync("/jobs/no-such-job/run", await browser.TokenAsync("/jobs"))).Dispose();
        (await console.Host.Client.PostAsync("/api/v1/quarantine/77/retry", content: null)).Dispose();
        (await console.Host.Client.PostAsync($"/api/v1/deliveries/{Guid.Empty}/replay", content: null)).Dispose();
        (await console.Host.Client.PostAsync("/api/v1/suggestions/5/accept", content: null)).Dispose();
        (await console.Host.Client.PostAsync("/api/v1/gaps/6/retry", content: null)).Dispose();
        (await console.Host.Client.DeleteAsync("/api/v1/transactions/1/settle-by/2")).Dispose();
        (await browser.PostAsync("/sign-out", await browser.TokenAsync("/jobs"))).Dispose();

        var entries = await console.Host.AllAsync("/api/v1/audit", limit: 3);
        Assert.Equal(
            [
                "- sign_in - refused password_wrong",
                "operator sign_in - done -",
                "operator job.run reconcile done -",
                "operator job.run no-such-job refused job_unknown",
                "Api:Tokens:0 quarantine.retry 77 refused quarantine_item_unknown",
                $"Api:Tokens:0 delivery.replay {Guid.Empty} refused delivery_unknown",
                "Api:Tokens:0 suggestion.accept 5 refused suggestion_unknown",
                "Api:Tokens:0 gap.retry 6 refused gap_unknown",
                "Api:Tokens:0 transaction.unlink 1 2 refused transaction_unknown",
                "operator sign_out - done -",
            ],
            entries.AsEnumerable().Reverse().Select(Line));
        Assert.All(entries, entry => Assert.Equal("127.0.0.1", (string?)entry["origin"]));
        Assert.Equal(2, (await console.Host.AllAsync("/api/v1/audit?action=sign_in", limit: 100)).Count);
        Assert.Equal(7, (await console.Host.AllAsync("/api/v1/audit?outcome=refused", limit: 100)).Count);
        await console.Host.ProblemAsync(400, "/api/v1/audit?outcome=maybe");
        await console.Host.StopAsync();
    }

    [Fact]
    public async Task What_happens_while_the_database_is_away_is_written_down_with_what_happens_next()
    {
        await using var console = await ConsoleHost.StartAsync();
        var readiness = new DatabaseReadiness();
        var log = new AuditLog(console.Host.Services.GetRequiredService<NpgsqlDataSource>(), readiness, TimeProvider.System, NullLogger<AuditLog>.Instance);
        await log.RecordAsync(new DefaultHttpContext(), actor: null, AuditAction.SignIn, subject: null, AuditOutcome.Refused, "password_wrong");
        Assert.Empty(await console.Host.AllAsync("/api/v1/audit", limit: 10));
        readiness.Open();
        await log.RecordAsync(new DefaultHttpContext(), "operator", AuditAction.SignIn, subject: null, AuditOutcome.Done);
        Assert.Equal(["operator sign_in - done -", "- sign_in - refused password_wrong"], (await console.Host.AllAsync("/api/v1/audit", limit: 10)).Select(Line));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_stored_is_kept_and_what_was_done_is_answered_as_done()
    {
        await using var console = await ConsoleHost.StartAsync();
        await RefuseEntriesAsync(console.Host);
        using (var done = await console.Host.Client.PostAsync("/api/v1/jobs/reconcile/run", content: null))
            Assert.Equal(HttpStatusCode.Accepted, done.StatusCode);
        using (var refused = await console.Host.Client.PostAsync("/api/v1/gaps/6/retry", content: null))
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Empty(await console.Host.AllAsync("/api/v1/audit", limit: 10));
        Assert.Contains("the trigger refuses", console.Host.Logs.Text, StringComparison.Ordinal);

        await console.Host.SqlAsync("DROP TRIGGER refuse ON ledger.audit");
        (await console.Host.Client.PostAsync("/api/v1/jobs/no-such-job/run", content: null)).Dispose();
        Assert.Equal(
            ["Api:Tokens:0 job.run reconcile done -", "Api:Tokens:0 gap.retry 6 refused gap_unknown", "Api:Tokens:0 job.run no-such-job refused job_unknown"],
            (await console.Host.AllAsync("/api/v1/audit", limit: 10)).AsEnumerable().Reverse().Select(Line));
        await console.Host.StopAsync();
    }

    [Fact]
    public async Task What_an_action_failed_of_is_not_hidden_by_what_its_entry_failed_of()
    {
        await using var console = await ConsoleHost.StartAsync();
        await RefuseEntriesAsync(console.Host);
        await console.Host.SqlAsync("ALTER TABLE ledger.gaps RENAME TO gaps_away");
        using var answer = await console.Host.Client.PostAsync("/api/v1/gaps/6/retry", content: null);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var unhandled = Assert.Single(console.Host.Logs.Text.Split('\n'), line => line.StartsWith("Error Microsoft.AspNetCore.Diagnostics", StringComparison.Ordinal));
        Assert.Contains("ledger.gaps", unhandled, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_stands_in_an_address_is_written_down_short_and_clean()
    {
        await using var console = await ConsoleHost.StartAsync();
        (await console.Host.Client.PostAsync($"/api/v1/jobs/{new string('x', 3000)}/run", content: null)).Dispose();
        (await console.Host.Client.PostAsync("/api/v1/jobs/a%00b/run", content: null)).Dispose();
        var entries = await console.Host.AllAsync("/api/v1/audit", limit: 10);
        Assert.All(entries, entry => Assert.True(((string?)entry["subject"])?.Length is null or 200));
        Assert.NotEmpty(entries);
    }

    [Fact]
    public async Task The_page_leads_through_the_whole_log_and_refuses_a_made_up_place_in_it()
    {
        await using var console = await ConsoleHost.StartAsync();
        using var browser = await Browser.SignedInAsync(console.Host);
        await console.Host.SqlAsync("INSERT INTO ledger.audit (at, id, action, subject, outcome) SELECT now() - n * interval '1 ms', gen_random_uuid(), 'job.run', 'entry-' || n, 'done' FROM generate_series(1, 99) n");
        var first = await ReadAsync("/audit");
        var next = WebUtility.HtmlDecode(Regex.Match(first, "rel=\"next\" href=\"([^\"]+)\"").Groups[1].Value);
        var second = await ReadAsync(next);
        Assert.DoesNotContain("rel=\"next\"", second, StringComparison.Ordinal);
        Assert.Contains("To the start", second, StringComparison.Ordinal);
        for (var n = 1; n <= 99; n++)
            Assert.Single(Regex.Matches(first + second, $">entry-{n}<"));
        using var refused = await browser.GetAsync("/audit?after=made-up");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        async Task<string> ReadAsync(string address)
        {
            using var answer = await browser.GetAsync(address);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {(int)answer.StatusCode}\n{console.Host.Logs.Errors}");
            return await answer.Content.ReadAsStringAsync();
        }
    }

    private static Task RefuseEntriesAsync(ApiHost host) => host.SqlAsync("""
        CREATE FUNCTION ledger.take_no_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the trigger refuses'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON ledger.audit FOR EACH ROW EXECUTE FUNCTION ledger.take_no_entry();
        """);

    private static string Line(JsonNode entry) =>
        string.Join(' ', new[] { "actor", "action", "subject", "outcome", "reason" }.Select(name => (string?)entry[name] is { Length: > 0 } text ? text : "-"));
}
