using Redbark.Sync.Browser.Tests.Harness;
using Redbark.Sync.Worker.Console.Layout;

namespace Redbark.Sync.Browser.Tests.Pages;

/// <summary>Runs when all other tests have ended: what they do adds rows between one load of a page and the other.</summary>
[Collection(nameof(Alone))]
public sealed class WithoutScriptTests(Stage stage)
{
    [Fact]
    public async Task Without_script_every_page_says_the_same()
    {
        await using var with = await stage.SignedInAsync();
        await using var without = await stage.SignedInAsync(script: false);
        foreach (var item in Navigation.Items)
        {
            await with.OpenAsync(item.Path);
            await without.OpenAsync(item.Path);
            Assert.Equal(await with.Page.Locator("h1").InnerTextAsync(), await without.Page.Locator("h1").InnerTextAsync());
            Assert.Equal(await with.Page.Locator("main tr").CountAsync(), await without.Page.Locator("main tr").CountAsync());
        }
    }
}

/// <summary>Tests that nothing may run beside.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
