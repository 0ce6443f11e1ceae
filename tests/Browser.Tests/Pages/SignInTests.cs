using Microsoft.Playwright;
using Redbark.Sync.Browser.Tests.Harness;

namespace Redbark.Sync.Browser.Tests.Pages;

public sealed class SignInTests(Stage stage)
{
    [Fact]
    public async Task A_person_is_asked_signs_in_arrives_where_they_wanted_and_leaves()
    {
        await using var visit = await stage.AnonymousAsync();
        await visit.Page.GotoAsync("/audit?action=sign-in");
        Assert.StartsWith("/sign-in", new Uri(visit.Page.Url).AbsolutePath, StringComparison.Ordinal);

        await visit.Page.GetByLabel("Password").FillAsync("not this one, surely");
        await visit.PressAsync("Sign in");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("password");
        await visit.IsAccessibleAsync();
        visit.Forgive(); // The browser says 401 in its console.

        await visit.Page.GetByLabel("Password").FillAsync(Stage.Password);
        await visit.PressAsync("Sign in");
        Assert.Equal("/audit?action=sign-in", new Uri(visit.Page.Url).PathAndQuery);

        await visit.PressAsync("Sign out");
        await visit.Page.GotoAsync("/jobs");
        Assert.StartsWith("/sign-in", new Uri(visit.Page.Url).AbsolutePath, StringComparison.Ordinal);
        visit.IsQuiet();
    }
}
