using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using Redbark.Sync.Browser.Tests.Harness;
using Redbark.Sync.Standalone.Hosting;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.SignIn;

namespace Redbark.Sync.Browser.Tests.Pages;

/// <summary>Hangfire's own pages, under the console's headers and session.</summary>
public sealed class DashboardTests(Stage stage) : IAsyncLifetime
{
    private static readonly string[] Pages = ["/hangfire", "/hangfire/recurring", "/hangfire/jobs/enqueued", "/hangfire/jobs/succeeded", "/hangfire/retries", "/hangfire/servers"];

    private readonly TemporaryDirectory _data = new("dashboard");
    private TestDatabase? _database;
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        _database = await TestServers.CreateDatabaseAsync();
        _app = StandaloneHost.Build(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Ledger"] = _database.ConnectionString,
            ["Data:Directory"] = _data.Path,
            ["Urls"] = "http://127.0.0.1:0",
            ["Feeds:redbark:Secrets:0"] = "a-signing-secret-of-the-tests",
            ["Console:PasswordHash"] = PasswordHashes.Of(Stage.Password),
            ["Serilog:MinimumLevel:Default"] = "Error",
            ["Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime"] = "Error",
        });
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await _database!.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Its_pages_work_nothing_of_them_is_blocked_and_a_job_is_triggered()
    {
        await using var visit = await stage.AnonymousAsync(new Uri(_app!.Urls.First()));
        await visit.SignInAsync();
        await Eventually.HoldsAsync(async () => (await visit.Page.APIRequest.GetAsync("/hangfire/servers")).Ok, "the schedule runs");
        foreach (var path in Pages)
        {
            // It asks for its figures by itself.
            await visit.Page.RunAndWaitForResponseAsync(() => visit.OpenAsync(path), answer => answer.Url.EndsWith("/hangfire/stats", StringComparison.Ordinal) && answer.Ok);
            visit.IsQuiet();
            await visit.PictureAsync(path);
        }

        await visit.OpenAsync("/hangfire/recurring");
        await visit.Page.Locator("input[type=checkbox][value=reconcile]").CheckAsync();
        var triggered = await visit.Page.RunAndWaitForResponseAsync(
            () => visit.Page.GetByText("Trigger now").ClickAsync(), answer => answer.Url.EndsWith("/trigger", StringComparison.Ordinal));
        Assert.True(triggered.Ok, $"{triggered.Status}");
        visit.IsQuiet();
    }
}
