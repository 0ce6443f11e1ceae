using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Scheduling;

/// <summary>Hangfire's dashboard can run and delete jobs, so it is for nobody but who is signed in.</summary>
public sealed class DashboardTests : IAsyncLifetime
{
    private readonly TestJob _job = new();
    private TestDatabase? _database;
    private JobWorker? _worker;

    private JobWorker Worker => _worker!;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        // A schedule with seconds lets Hangfire look at its queue often.
        _worker = await JobWorker.StartAsync(_database.ConnectionString, _job, settings: new() { ["Schedule:test-job"] = "0,30 0 0 1 1 *" });
        await Eventually.HoldsAsync(() => Task.FromResult(Worker.Host.Logs.Text.Contains("The schedule runs", StringComparison.Ordinal)), "the scheduler is up");
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/hangfire")]
    [InlineData("GET", "/hangfire/")]
    [InlineData("GET", "/hangfire/recurring")]
    [InlineData("GET", "/hangfire/css18195")]
    [InlineData("GET", "/hangfire/no/such/page")]
    [InlineData("GET", "/HANGFIRE/recurring")]
    [InlineData("GET", "/hangfire/%2e%2e/hangfire/recurring")]
    [InlineData("POST", "/hangfire/stats")]
    [InlineData("POST", "/hangfire/recurring/trigger")]
    public async Task Nobody_enters_without_signing_in_wherever_the_request_says_it_comes_from(string method, string address)
    {
        using var anonymous = Worker.Host.Anonymous();
        foreach (var (header, value) in new[]
        {
            ("X-Nothing", "1"),
            ("X-Forwarded-For", "127.0.0.1"),
            ("X-Forwarded-For", "::1, 127.0.0.1"),
            ("X-Real-IP", "127.0.0.1"),
            ("Forwarded", "for=127.0.0.1;host=localhost"),
            ("X-Forwarded-Host", "localhost"),
            ("X-Original-URL", "/health/live"),
            ("X-Rewrite-URL", "/health/live"),
            ("X-HTTP-Method-Override", "GET"),
            ("Host", "localhost"),
            ("Cookie", ".AspNetCore.Antiforgery=x"),
            ("Authorization", "Bearer not-the-token-0123456789-0123456789"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            Assert.True(request.Headers.TryAddWithoutValidation(header, value));
            using var answer = await anonymous.SendAsync(request);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {address} with {header}: {value} is answered {(int)answer.StatusCode}");
            Assert.DoesNotContain("Hangfire", await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Whoever_is_signed_in_sees_the_jobs_and_no_connection_string()
    {
        var page = await Worker.Host.Client.GetStringAsync("/hangfire/recurring");
        Assert.Contains("test-job", page, StringComparison.Ordinal);
        Assert.Contains("0,30 0 0 1 1 *", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Host:", await Worker.Host.Client.GetStringAsync("/hangfire"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_needs_the_page_s_antiforgery_token_and_runs_the_job()
    {
        await Eventually.HoldsAsync(async () => (await Worker.RunsAsync()) is [{ Outcome: JobOutcome.Succeeded }], "the run that was missed before the test");
        using var without = await TriggerAsync(Worker.Host.Client, token: null);
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        Assert.Equal(1, _job.Runs);

        // The cookie that belongs to the token is kept by the handler.
        using var browser = new HttpClient { BaseAddress = Worker.Host.Client.BaseAddress };
        browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiHost.Token);
        var page = await browser.GetStringAsync("/hangfire/recurring");
        var token = Regex.Match(page, "name=\"csrf-token\" content=\"([^\"]+)\"").Groups[1].Value;
        using var with = await TriggerAsync(browser, token);
        Assert.True(with.IsSuccessStatusCode, $"{(int)with.StatusCode} {Worker.Host.Logs.Errors}");

        // The time of the schedule is served already; a person asked for this one.
        await Eventually.HoldsAsync(async () => (await Worker.RunsAsync()) is [_, { Outcome: JobOutcome.Succeeded, Trigger: JobTrigger.Manual }], "the run that was asked for", () => Worker.Host.Logs.Errors);
        Assert.Equal(2, _job.Runs);

        // Both are written down; the figures that an open page asks for are not.
        (await browser.PostAsync("/hangfire/stats", content: null)).Dispose();
        Assert.Equal(
            ["Api:Tokens:0 hangfire /hangfire/recurring/trigger test-job done ", "Api:Tokens:0 hangfire /hangfire/recurring/trigger test-job refused status_403"],
            (await Worker.Host.AllAsync("/api/v1/audit", limit: 10)).Select(entry => $"{entry["actor"]} {entry["action"]} {entry["subject"]} {entry["outcome"]} {entry["reason"]}"));
    }

    [Fact]
    public async Task Where_no_worker_runs_the_schedule_the_answer_says_so()
    {
        await using var database = await LedgerDatabase.CreateAsync();
        await using var host = await ApiHost.StartAsync(database.ConnectionString, new() { ["Api:Tokens:0"] = ApiHost.Token, ["Schedule:Enabled"] = "false" });
        await host.Services.GetRequiredService<DatabaseReadiness>().WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("schedule_not_started", (string?)(await host.ProblemAsync(409, "/hangfire/recurring"))["reason"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task Before_the_database_is_ready_the_answer_is_503()
    {
        await using var host = await ApiHost.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=1", new() { ["Api:Tokens:0"] = ApiHost.Token });
        await host.ProblemAsync(503, "/hangfire/recurring");
        await host.StopAsync();
    }

    private static Task<HttpResponseMessage> TriggerAsync(HttpClient client, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/hangfire/recurring/trigger") { Content = new FormUrlEncodedContent([new("jobs[]", "test-job")]) };
        if (token is not null)
            request.Headers.Add("RequestVerificationToken", token);
        return client.SendAsync(request);
    }
}
