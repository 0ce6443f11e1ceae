using System.Text.RegularExpressions;
using Redbark.Sync.Browser.Tests.Harness;
using Redbark.Sync.Worker.Console.Layout;

namespace Redbark.Sync.Browser.Tests.Pages;

/// <summary>Every kind of page that links lead to, as each kind of person sees it.</summary>
public sealed partial class EveryPageTests(Stage stage)
{
    [Theory]
    [InlineData(Look.Light)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    [InlineData(Look.DarkPhone)]
    public async Task A_page_is_quiet_accessible_and_fits(Look look)
    {
        await using var visit = await stage.SignedInAsync(look);
        // The first account is a broker's; the page of another holds more.
        var waiting = new Queue<string>(Navigation.Items.Select(item => item.Path).Prepend($"/accounts/{await stage.CashAccountAsync()}"));
        var seen = new HashSet<string>();
        var troubles = new List<string>();
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(KindOf(path)))
                continue;
            try
            {
                await visit.OpenAsync(path);
                await visit.IsAccessibleAsync();
                await visit.FitsAsync();
                await visit.ShowsWhereOneIsAsync();
                visit.IsQuiet();
            }
            catch (Exception exception) when (exception is Xunit.Sdk.XunitException)
            {
                troubles.Add($"── {path}\n{exception.Message}");
                visit.Forgive();
            }

            await visit.PictureAsync($"{look}{KindOf(path)}");
            foreach (var link in await visit.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href'))"))
            {
                if (!IsFile(link))
                    waiting.Enqueue(link);
            }
        }

        Assert.True(troubles.Count == 0, string.Join("\n\n", troubles));
        Assert.Superset(Navigation.Items.Select(item => item.Path).ToHashSet(), seen);
    }

    [Theory]
    [InlineData(Look.Light)]
    [InlineData(Look.Dark)]
    [InlineData(Look.Phone)]
    public async Task The_page_to_sign_in_is_as_good(Look look)
    {
        await using var visit = await stage.AnonymousAsync(look);
        await visit.OpenAsync("/sign-in");
        await visit.IsAccessibleAsync();
        await visit.FitsAsync();
        visit.IsQuiet();
    }

    /// <summary>Two accounts have one kind of page.</summary>
    private static string KindOf(string path) => Id().Replace(path.Split('?', '#')[0], "id");

    private static bool IsFile(string path) => path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/assets/", StringComparison.Ordinal) || path.StartsWith("/hangfire", StringComparison.Ordinal);

    [GeneratedRegex("(?<=/)([0-9]+|[0-9a-f]{8}-[0-9a-f-]{27})(?=/|$)")]
    private static partial Regex Id();
}
