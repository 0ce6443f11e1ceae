using Microsoft.Playwright;
using Redbark.Sync.Browser.Tests.Harness;
using Redbark.Sync.Worker.Console.Layout;

namespace Redbark.Sync.Browser.Tests.Pages;

public sealed class KeyboardTests(Stage stage)
{
    private const string Controls = """
        [...document.querySelectorAll('a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary, [tabindex="0"]')]
        """;

    // What has the focus: its place among all that can have it, whether it is seen, and whether it is marked.
    private const string Focused = $$"""
        () => {
            const e = document.activeElement;
            if (e === document.body || e === document.documentElement) return null;
            const box = e.getBoundingClientRect(), style = getComputedStyle(e);
            const all = {{Controls}};
            return JSON.stringify({
                Index: all.indexOf(e),
                Html: e.outerHTML.slice(0, 160),
                Seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
                // The button inside a field for dates marks itself, where no page can see it.
                Marked: (e.type === 'date' && !e.matches(':focus-visible')) || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
            });
        }
        """;

    private const int MostStops = 100;

    private sealed record Place(int Index, string Html, bool Seen, bool Marked);

    [Fact]
    public async Task The_whole_console_can_be_walked_with_the_tab_key()
    {
        await using var visit = await stage.SignedInAsync();
        foreach (var item in Navigation.Items)
        {
            await visit.OpenAsync(item.Path);
            var controls = await visit.Page.EvaluateAsync<int[]>($"() => {{ const all = {Controls}; return all.filter(e => e.checkVisibility()).map(e => all.indexOf(e)); }}");
            var places = new List<Place>();
            for (var press = 0; press < 4 * MostStops && places.Count < Math.Min(controls.Length, MostStops); press++)
            {
                await visit.Page.Keyboard.PressAsync("Tab");
                var json = await visit.Page.EvaluateAsync<string?>(Focused);
                Assert.True(json is not null, $"{item.Path}: the focus left the page after {places.Count} of {controls.Length} controls");
                var place = System.Text.Json.JsonSerializer.Deserialize<Place>(json)!;
                // A field for dates is several stops.
                if (places.LastOrDefault()?.Index != place.Index)
                    places.Add(place);
            }

            Assert.All(places, place => Assert.True(place.Seen && place.Marked, $"{item.Path}: {place}"));
            // In the order in which they stand, each once: nothing traps the focus and nothing is left out.
            Assert.Equal(controls.Take(MostStops), places.Select(place => place.Index));
        }
    }

    [Fact]
    public async Task A_person_without_a_mouse_signs_in_skips_to_the_content_and_runs_a_job()
    {
        await using var visit = await stage.AnonymousAsync();
        await visit.OpenAsync("/sign-in?returnUrl=/jobs");
        await visit.Page.Keyboard.TypeAsync(Stage.Password); // The field has the focus.
        await visit.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Jobs");

        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await visit.Page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await visit.Page.Keyboard.PressAsync("Enter");
        for (var press = 0; press < 40 && await FocusedNameAsync(visit) != "Run now: reconcile"; press++)
            await visit.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Run now: reconcile", await FocusedNameAsync(visit));
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.SaysAsync("Job reconcile runs");
        visit.IsQuiet();
    }

    private static Task<string?> FocusedNameAsync(Visit visit) => visit.Page.EvaluateAsync<string?>("() => document.activeElement.getAttribute('aria-label')");
}
