using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Demo;

public sealed class DemoTests : IDisposable
{
    private readonly TemporaryDirectory _data = new("demo");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_demo_agrees_with_the_bank_and_can_be_run_again()
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            var run = await CommandRun.StartAsync(new() { ["Data__Directory"] = _data.Path }, "demo", "--seed", $"{seed}");
            Assert.True(run.ExitCode == 0, run.Output);
            Assert.Contains("The ledger agrees with the bank.", run.Output);
            Assert.Contains("1 × 401", run.Output);
            Assert.Contains("1 open", run.Output);
            Assert.Contains("2 pending rows gave way to posted ones under new ids", run.Output);
            Assert.Contains("All 8 are proved.", run.Output);
            Assert.All((string[])["redbark", "revolut", "tokenio"], provider => Assert.Matches($@"\) +{provider} .* proved", run.Output));
        }

        Assert.False(File.Exists(Path.Combine(_data.Path, "demo", "postgres", "data", "postmaster.pid")));
    }
}
