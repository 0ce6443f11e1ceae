using System.Text.RegularExpressions;
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
    public async Task The_overview_names_a_consent_before_it_ends()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync(new Regex("The consent of Revolut \\(revolut\\) ends in [45] d, on [0-9-]{10}"));
        await visit.IsAccessibleAsync();
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
        await visit.SaysAsync("(?i)signature|timestamp");
        await visit.IsAccessibleAsync();
    }

    [Fact]
    public async Task A_row_in_quarantine_is_corrected_and_the_correction_is_taken_back()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/quarantine?state=open");
        await visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "browser-edit" }).GetByRole(AriaRole.Link).First.ClickAsync();
        var json = await visit.Page.GetByLabel("The row as it should have been").InputValueAsync();

        await visit.Page.GetByLabel("The row as it should have been").FillAsync("{");
        await visit.PressAsync("Correct and retry");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.Equal("{", await visit.Page.GetByLabel("The row as it should have been").InputValueAsync()); // What was typed stays.
        await visit.IsAccessibleAsync();
        visit.Forgive(); // The browser says 422 in its console.

        await visit.Page.GetByLabel("The row as it should have been").FillAsync(json.Replace("\"12.5O\"", "-1250", StringComparison.Ordinal));
        await visit.Page.GetByLabel("Why, or where it is from").FillAsync("from the statement");
        await visit.PressAsync("Correct and retry");
        await visit.SaysAsync("corrected");
        await visit.IsAccessibleAsync();
        await visit.PressAsync("Undo the correction");
        await visit.SaysAsync("taken back");
        visit.IsQuiet();
    }

    [Fact]
    public async Task A_row_in_quarantine_is_dropped_with_a_reason_and_the_drop_is_taken_back()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/quarantine?state=open");
        await visit.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "browser-drop" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await visit.PressAsync("Retry");
        await visit.SaysAsync("still cannot be used");
        await visit.Page.GetByLabel("Why it is not wanted").FillAsync("a test of the bank's");
        await visit.PressAsync("Drop");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("a test of the bank's");
        await visit.IsAccessibleAsync();
        await visit.PressAsync("Undo the drop");
        await visit.SaysAsync("taken back");
        visit.IsQuiet();
    }

    [Fact]
    public async Task A_pair_is_accepted_taken_back_and_waits_again()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/suggestions");
        await visit.Page.GetByText("One payment: accept").First.ClickAsync();
        await visit.SaysAsync("counts once");
        await visit.OpenAsync("/suggestions?show=accepted");
        await visit.IsAccessibleAsync();
        await visit.Page.GetByText("Undo: take it back").First.ClickAsync();
        await visit.SaysAsync("Taken back");
        await visit.OpenAsync("/suggestions");
        await Assertions.Expect(visit.Page.GetByText("One payment: accept").First).ToBeVisibleAsync();
        visit.IsQuiet();
    }

    [Fact]
    public async Task A_delivery_is_replayed()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/deliveries?status=applied");
        await visit.Page.Locator("main tbody a").First.ClickAsync();
        await visit.PressAsync("Replay this delivery");
        await visit.SaysAsync("It was applied again");
        visit.IsQuiet();
    }

    [Fact]
    public async Task A_replay_of_a_range_shows_how_far_it_is_until_it_is_done()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/operations");
        await visit.Page.Locator("#replay-from").FillAsync($"{DateTime.UtcNow.AddDays(-1):yyyy-MM-dd}");
        await visit.PressAsync("Start replay");
        await visit.SaysAsync("The replay begins");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync(new Regex("([0-9]+) of \\1 deliveries"), new() { Timeout = 60_000 });
        await visit.IsAccessibleAsync();
        visit.IsQuiet();
    }

    [Fact]
    public async Task A_backfill_is_cancelled()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync("/operations");
        // More windows than the provider answers within a minute.
        await visit.Page.Locator("#backfill-from").FillAsync($"{DateTime.UtcNow.AddDays(-360):yyyy-MM-dd}");
        await visit.PressAsync("Start backfill");
        await visit.SaysAsync("The backfill begins");
        await visit.Page.GetByText("Cancel", new() { Exact = true }).First.ClickAsync();
        await visit.SaysAsync("is to end");
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("cancelled", new() { Timeout = 60_000 });
        await visit.IsAccessibleAsync();
        visit.IsQuiet();
    }

    [Fact]
    public async Task What_a_bank_writes_is_text_wherever_it_is_shown()
    {
        await using var visit = await stage.SignedInAsync();
        await visit.OpenAsync($"/accounts/{await stage.CashAccountAsync()}?text=onerror");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "<img src=x onerror=alert(1)>" }).First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("<script>alert(2)</script>");
        Assert.Equal(0, await visit.Page.Locator("main img, main script").CountAsync());
        visit.IsQuiet();
    }
}
