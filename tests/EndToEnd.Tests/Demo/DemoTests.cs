using Microsoft.Extensions.Configuration;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Standalone.Commands;
using Redbark.Sync.Standalone.Demo;
using Redbark.Sync.Standalone.Hosting;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Demo;

public sealed class DemoTests : IDisposable
{
    private readonly TemporaryDirectory _data = TemporaryDirectory.InMemory("demo");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_demo_loses_finds_and_heals_a_chunk_proves_every_account_and_can_be_run_again()
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            var run = await CommandRun.StartAsync(new() { ["Data__Directory"] = _data.Path }, "demo", "--seed", $"{seed}");
            Assert.True(run.ExitCode == 0, run.Output);
            Assert.Contains("lost on the way", run.Output);
            Assert.Matches(@"found \d+\.\d s after it was lost .* healed in \d+\.\d s: 300 rows of 3 accounts", run.Output);
            Assert.Contains("5 of 8 are settling", run.Output);
            Assert.Contains("5 of 8 are proved", run.Output);
            Assert.Contains("1 × 401", run.Output);
            Assert.Contains("1 open", run.Output);
            Assert.Contains("2 pending rows gave way to posted ones under new ids", run.Output);
            Assert.Matches(@"pending bank_tx_\w+… .* is now posted bank_tx_\w+…", run.Output);
            Assert.Contains("All 8 are proved.", run.Output);
            Assert.All((string[])["redbark", "revolut", "tokenio"], provider => Assert.Matches($@"\) +{provider} .* proved", run.Output));
            Assert.EndsWith("The ledger agrees with the bank.", run.Output.TrimEnd());
        }

        Assert.False(File.Exists(Path.Combine(_data.Path, "demo", "postgres", "data", "postmaster.pid")));
    }

    [Fact]
    public async Task Rows_that_cannot_be_healed_are_told_and_make_the_demo_fail()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        var own = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Ledger", database.ConnectionString)]).Build();
        await using var redbark = DemoSettings.Bank(seed: 1);
        redbark.RestFaults.Spoil(BodyFault.Html, "/v1/transactions", calls: 100);
        await using var app = StandaloneHost.Build(DemoSettings.Of(own, new DataDirectory(_data.Path), redbark, await redbark.StartRestAsync()));
        await UpCommand.StartAsync(app, TestContext.Current.CancellationToken);
        redbark.Destination.Url = new Uri(new Uri(app.Urls.First()), "/webhooks/demo");
        using var api = new ApiClient(new Uri(app.Urls.First()), app.Configuration["Api:Tokens:0"]!);
        using var output = new StringWriter();

        var good = await new DemoPlay(redbark, api, output).PlayAsync(TestContext.Current.CancellationToken);

        Assert.False(good, output.ToString());
        Assert.Contains("300 rows were lost, 0 came by REST", output.ToString());
        Assert.Contains("3 of 8 are proved.", output.ToString());
        Assert.Contains("DIFFERS", output.ToString());
        await app.StopAsync(CancellationToken.None);
    }
}
