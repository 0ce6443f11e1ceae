using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Redbark.Sync.Worker.Tests.SignIn;

namespace Redbark.Sync.Worker.Tests.Operation;

public sealed class ReadyTests
{
    [Fact]
    public async Task A_worker_whose_schema_is_not_there_yet_says_so_calmly_and_once()
    {
        // Nobody listens there.
        await using var host = await ConsoleHost.StartAsync("Host=127.0.0.1;Port=9;Database=none;Username=none;Timeout=1", settings: null, wait: false);
        for (var asked = 0; asked < 5; asked++)
        {
            using var answer = await host.Client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal("The ledger's schema is not up to date yet.", (string?)said["checks"]!["ledger"]!["description"]);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/health/live")).StatusCode);
        Assert.DoesNotMatch("(?m)^Error .*Health", host.Logs.Text);
        Assert.Single(Regex.Matches(host.Logs.Text, "Not ready: The ledger's schema is not up to date yet."));
        Assert.Contains("Information Redbark.Sync.Hosting.HealthLog: Not ready", host.Logs.Text, StringComparison.Ordinal);
    }
}
