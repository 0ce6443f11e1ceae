using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Tests.Api;

public sealed class DatabaseAwayTests
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Api:Tokens:0"] = ApiHost.Token };

    [Fact]
    public async Task Before_the_ledger_is_ready_the_answer_is_503()
    {
        await using var host = await ApiHost.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=1", Settings);
        await AssertUnavailableAsync(host);
    }

    [Fact]
    public async Task While_the_database_is_away_the_answer_is_503_and_afterwards_as_before()
    {
        await using var server = await TestPostgres.StartAsync();
        await using var host = await ApiHost.StartAsync(server.ConnectionString("postgres"), Settings);
        await host.Services.GetRequiredService<DatabaseReadiness>().WaitAsync(TestContext.Current.CancellationToken);
        await host.GetAsync("/api/v1/accounts");

        await server.KillAsync();
        await AssertUnavailableAsync(host);
        await server.RestartAsync();

        // The first connections out of the pool may still be of the server that was killed.
        for (var tries = 0; tries < 20; tries++)
        {
            using var answer = await host.Client.GetAsync("/api/v1/accounts");
            if ((int)answer.StatusCode == 200)
                return;
        }

        Assert.Fail("The API did not come back with its database.");
    }

    private static async Task AssertUnavailableAsync(ApiHost host)
    {
        using var answer = await host.Client.GetAsync("/api/v1/accounts");
        var problem = await ApiHost.ProblemAsync(503, answer);
        Assert.Equal("database_unavailable", (string?)problem["reason"]);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("   at ", problem.ToJsonString(), StringComparison.Ordinal);
    }
}
