using System.Net;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.SignIn.Limits;
using Redbark.Sync.Worker.Tests.Api;

namespace Redbark.Sync.Worker.Tests.SignIn;

public sealed class LimitTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void One_address_is_stopped_after_its_attempts_and_let_in_again_later()
    {
        var limiter = new AttemptLimiter(_clock);
        var from = IPAddress.Parse("203.0.113.1");
        for (var i = 0; i < AttemptLimiter.MostOfOne; i++)
            Assert.NotNull(limiter.Take(from).Allowed);
        var (refused, wait) = limiter.Take(from);
        Assert.Null(refused);
        Assert.Equal(AttemptLimiter.Window, wait);
        Assert.NotNull(limiter.Take(IPAddress.Parse("203.0.113.2")).Allowed);
        _clock.Advance(AttemptLimiter.Window);
        Assert.NotNull(limiter.Take(from).Allowed);
    }

    [Fact]
    public void All_addresses_together_are_stopped_too()
    {
        var limiter = new AttemptLimiter(_clock);
        for (var i = 0; i < AttemptLimiter.MostOfAll; i++)
            Assert.NotNull(limiter.Take(new IPAddress([203, 0, 113, (byte)i])).Allowed);
        Assert.Null(limiter.Take(IPAddress.Parse("198.51.100.1")).Allowed);
    }

    [Fact]
    public void Addresses_of_one_network_of_IPv6_are_one()
    {
        var limiter = new AttemptLimiter(_clock);
        for (var i = 0; i < AttemptLimiter.MostOfOne; i++)
            Assert.NotNull(limiter.Take(IPAddress.Parse($"2001:db8::{i}")).Allowed);
        Assert.Null(limiter.Take(IPAddress.Parse("2001:db8::ffff")).Allowed);
        Assert.NotNull(limiter.Take(IPAddress.Parse("2001:db8:0:1::1")).Allowed);
    }

    [Fact]
    public void The_right_password_costs_nothing()
    {
        var limiter = new AttemptLimiter(_clock);
        for (var i = 0; i < 3 * AttemptLimiter.MostOfOne; i++)
        {
            var (allowed, _) = limiter.Take(IPAddress.Loopback);
            Assert.NotNull(allowed);
            limiter.Forgive(allowed);
        }
    }

    [Fact]
    public async Task Too_many_wrong_passwords_lock_out_the_right_one_and_a_header_changes_nothing()
    {
        await using var console = await ConsoleHost.StartAsync();
        using var browser = new Browser(console.Host);
        for (var i = 0; i < AttemptLimiter.MostOfOne; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(browser, "wrong", $"203.0.113.{i}"));
        using var answer = await browser.SignInAsync(Browser.Password, returnUrl: null, ("X-Forwarded-For", "203.0.113.99"));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(14), AttemptLimiter.Window);

        // A program's token is not what was guessed.
        await console.Host.GetAsync("/api/v1/accounts");
    }

    [Fact]
    public async Task Behind_a_known_proxy_each_caller_is_counted_for_itself()
    {
        await using var console = await ConsoleHost.StartAsync(new() { ["Proxies:Known:0"] = "127.0.0.0/8" });
        using var browser = new Browser(console.Host);
        for (var i = 0; i < AttemptLimiter.MostOfOne; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(browser, "wrong", "203.0.113.1"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(browser, Browser.Password, "203.0.113.1"));
        // What stands before the proxy's own word is the caller's invention.
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(browser, Browser.Password, "198.51.100.7, 203.0.113.1"));
        Assert.Equal(HttpStatusCode.SeeOther, await StatusAsync(browser, Browser.Password, "203.0.113.2"));
    }

    private static async Task<HttpStatusCode> StatusAsync(Browser browser, string password, string from)
    {
        using var answer = await browser.SignInAsync(password, returnUrl: null, ("X-Forwarded-For", from));
        return answer.StatusCode;
    }
}
