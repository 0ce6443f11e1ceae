using System.Net;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;

namespace Redbark.Sync.Worker.Tests.Console;

/// <summary>The console's pages as a test reads them.</summary>
internal static class ConsolePages
{
    /// <summary>A page that must be there and clean; its text decoded, unless the markup matters.</summary>
    public static async Task<string> PageAsync(this ApiHost host, Browser browser, string address, bool decode = true)
    {
        var html = await host.PageAsync(browser, address, HttpStatusCode.OK);
        return decode ? WebUtility.HtmlDecode(html) : html;
    }

    /// <summary>A page with a status that it must have; clean whatever it is.</summary>
    public static async Task<string> PageAsync(this ApiHost host, Browser browser, string address, HttpStatusCode status)
    {
        using var answer = await browser.GetAsync(address);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{address}: {(int)answer.StatusCode} {host.Logs.Errors}");
        PageTests.AssertClean(answer, html);
        return html;
    }
}
