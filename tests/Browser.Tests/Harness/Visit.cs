using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Redbark.Sync.Browser.Tests.Harness;

/// <summary>A person's page in the browser, and whatever went wrong in it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    /// <summary>A directory for pictures of what was seen; nothing is kept without it.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("REDBARK_TEST_PICTURES");

    private readonly ConcurrentQueue<string> _troubles = new();
    private readonly Uri _origin;

    private Visit(IPage page, Uri origin)
    {
        (Page, _origin) = (page, origin);
        page.Console += (_, message) => Note(message.Type is "error" or "warning", $"console: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script: {error}");
        page.Dialog += (_, dialog) => Note(true, $"dialog: {dialog.Message}");
        page.RequestFailed += (_, request) => Note(request.Failure != "net::ERR_ABORTED", $"request failed: {request.Url} {request.Failure}");
        page.Request += (_, request) => Note(!IsOwn(request.Url), $"request to elsewhere: {request.Url}");
    }

    public IPage Page { get; }

    public static async Task<Visit> BeginAsync(IBrowserContext context, Uri origin) => new(await context.NewPageAsync(), origin);

    /// <summary>Opens a page that must be there.</summary>
    public Task OpenAsync(string path) => OpenAsync(path, 200);

    public async Task OpenAsync(string path, int status)
    {
        var answer = await Page.GotoAsync(path);
        Assert.True(answer!.Status == status, $"{path} was answered {answer.Status}\n{await Page.InnerTextAsync("body")}");
    }

    public async Task SignInAsync()
    {
        await OpenAsync("/sign-in");
        await Page.GetByLabel("Password").FillAsync(Stage.Password);
        await PressAsync("Sign in");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Overview");
    }

    /// <summary>Presses a button that posts, and waits for the page that follows.</summary>
    public async Task PressAsync(string name)
    {
        var loaded = new TaskCompletionSource();
        void Loaded(object? sender, IPage page) => loaded.TrySetResult();
        Page.DOMContentLoaded += Loaded;
        try
        {
            await Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).First.ClickAsync();
            await loaded.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            Page.DOMContentLoaded -= Loaded;
        }
    }

    /// <summary>The sentence at the top of a page that says what an action did.</summary>
    public async Task SaysAsync(string pattern) =>
        await Assertions.Expect(Page.GetByRole(AriaRole.Status).Or(Page.GetByRole(AriaRole.Alert)).First).ToContainTextAsync(new Regex(pattern));

    /// <summary>Labels, names, roles, order and contrast, as far as a program can see them.</summary>
    public async Task IsAccessibleAsync()
    {
        var found = await Page.RunAxe(Rules);
        Assert.True(found.Violations.Length == 0, string.Join("\n", found.Violations.Select(violation =>
            $"{violation.Id} ({violation.Impact}): {violation.Help}\n  {string.Join("\n  ", violation.Nodes.Take(5).Select(node => $"{node.Html} {string.Join("; ", node.Any.Select(check => check.Message))}"))}")));
    }

    /// <summary>Nothing is wider than the screen: only tables and code may be, and these scroll by themselves.</summary>
    public async Task FitsAsync()
    {
        var widths = await Page.EvaluateAsync<int[]>("() => [document.documentElement.scrollWidth, innerWidth]");
        Assert.True(widths[0] <= widths[1], $"The page is {widths[0]} px wide on a screen of {widths[1]}: {await Page.EvaluateAsync<string>(
            "() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.outerHTML.slice(0, 160)).join('\\n')")}");
    }

    /// <summary>The navigation shows where one is, also where it scrolls.</summary>
    public async Task ShowsWhereOneIsAsync() => Assert.True(await Page.EvaluateAsync<bool>("""
        () => {
            const current = document.querySelector("header nav a[aria-current]");
            if (current === null) return true;
            const box = current.getBoundingClientRect();
            return box.left >= 0 && box.right <= innerWidth;
        }
        """), "The current page is out of sight in the navigation.");

    public async Task PictureAsync(string name)
    {
        if (Pictures is not null)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name.Trim('/').Replace('/', '-')}.png"), FullPage = true });
    }

    public void IsQuiet() => Assert.True(_troubles.IsEmpty, string.Join("\n", _troubles));

    /// <summary>Forgets what was expected to go wrong.</summary>
    public void Forgive() => _troubles.Clear();

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());

    private bool IsOwn(string url) => url.StartsWith("data:", StringComparison.Ordinal) || (Uri.TryCreate(url, UriKind.Absolute, out var address) && _origin.IsBaseOf(address));

    private void Note(bool isTrouble, string what)
    {
        if (isTrouble)
            _troubles.Enqueue(what);
    }
}
