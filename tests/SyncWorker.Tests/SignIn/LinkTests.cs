using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.SignIn;

namespace Redbark.Sync.Worker.Tests.SignIn;

public sealed class LinkTests
{
    [Fact]
    public async Task A_link_signs_in_once()
    {
        await using var console = await ConsoleHost.StartAsync(new() { ["Console:PasswordHash"] = null });
        var link = console.Host.Services.GetRequiredService<SignInLink>().Make();
        using var browser = new Browser(console.Host);
        using (var answer = await browser.GetAsync(link))
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        using (var page = await browser.GetAsync("/settings"))
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        using var second = new Browser(console.Host);
        using (var answer = await second.GetAsync(link))
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        using (var page = await second.GetAsync("/settings"))
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    public async Task A_request_that_a_proxy_passed_on_cannot_use_it(string header)
    {
        await using var console = await ConsoleHost.StartAsync();
        var link = console.Host.Services.GetRequiredService<SignInLink>().Make();
        using var browser = new Browser(console.Host);
        using (var answer = await browser.GetAsync(link, (header, "127.0.0.1")))
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        using (var answer = await browser.GetAsync(link))
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
    }

    [Fact]
    public void It_holds_for_a_quarter_of_an_hour_and_only_the_newest()
    {
        var clock = new ManualClock();
        var link = new SignInLink(clock);
        var first = Token(link.Make());
        var second = Token(link.Make());
        Assert.False(link.TryUse(first));
        Assert.False(link.TryUse(null));
        clock.Advance(SignInLink.Lifetime - TimeSpan.FromSeconds(1));
        Assert.True(link.TryUse(second));
        var third = Token(link.Make());
        clock.Advance(SignInLink.Lifetime);
        Assert.False(link.TryUse(third));
    }

    private static string Token(string link) => link.Split('=')[1];
}
