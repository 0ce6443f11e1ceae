using Microsoft.Playwright;
using Redbark.Sync.Browser.Tests.Harness;

namespace Redbark.Sync.Browser.Tests.Pages;

/// <summary>What a person can do, by pressing what is there.</summary>
public sealed class ActionTests(Stage stage)
{
    [Fact]
    public async Task A_job_runs_at_once_and_the_page_shows_it_by_itself()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/jobs");
        await visit.PressAsync("Run now: watch-silence");
        await visit.SaysAsync("Job watch-silence runs");
        var row = visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "watch-silence" });
        await Assertions.Expect(row).ToContainTextAsync("succeeded", new() { Timeout = 30_000 }); // Pages refresh every ten seconds.
        await visit.OpenAsync("/audit");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("watch-silence");
        visit.IsQuiet();
    }

    [Fact]
    public async Task A_pasted_body_with_a_wrong_signature_is_told_why()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/settings");
        await visit.Page.GetByLabel("Body").FillAsync("{}");
        await visit.Page.GetByLabel("X-Redbark-Timestamp").FillAsync("1700000000");
        await visit.Page.GetByLabel("X-Redbark-Signature").FillAsync("v1=0000");
        await visit.PressAsync("Check");
        await visit.SaysAsync(".+");
        await visit.IsAccessibleAsync();
    }
}
