namespace Redbark.Sync.Worker.Tests.Api;

public sealed class RunTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_run_says_which_of_its_chunks_did_not_come()
    {
        await host.RunAsync("shape", "run_1", total: 4, 1, 3);
        ApiHost.AssertJson("""
            {"data":[{"feed":"shape","runId":"run_1","type":"transactions.synced","firstAt":"2026-11-03T12:00:00Z","lastAt":"2026-11-03T12:02:00Z","totalChunks":4,
              "receivedChunks":2,"rows":1000,"missingChunks":[2,4],"gapId":null,"gapState":null}],"next":null}
            """, await host.GetAsync("/api/v1/runs?feed=shape"));
    }

    [Fact]
    public async Task A_run_whose_sender_announced_no_total_misses_nothing()
    {
        await host.RunAsync("untold", "run_1", total: null, 1);
        Assert.Empty((await host.GetAsync("/api/v1/runs?feed=untold"))["data"]![0]!["missingChunks"]!.AsArray());
    }

    [Fact]
    public async Task The_list_can_be_narrowed_to_runs_with_or_without_gaps_and_paged()
    {
        await host.RunAsync("narrow", "whole", total: 2, 1, 2);
        await host.RunAsync("narrow", "gap", total: 2, 1);
        await host.RunAsync("narrow", "gap-of-the-same-time", total: 3, 2);

        Assert.Equal(["whole", "gap-of-the-same-time", "gap"], (await host.AllAsync("/api/v1/runs?feed=narrow", 1)).Select(run => (string?)run["runId"]));
        Assert.Equal(["gap-of-the-same-time", "gap"], (await host.AllAsync("/api/v1/runs?feed=narrow&incomplete=true", 1)).Select(run => (string?)run["runId"]));
        Assert.Equal(["whole"], (await host.AllAsync("/api/v1/runs?feed=narrow&incomplete=false", 1)).Select(run => (string?)run["runId"]));
    }
}
