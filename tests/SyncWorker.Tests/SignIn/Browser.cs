using System.Net;
using System.Text.RegularExpressions;
using Redbark.Sync.Worker.SignIn;
using Redbark.Sync.Worker.Tests.Api;

namespace Redbark.Sync.Worker.Tests.SignIn;

/// <summary>A person's browser: keeps cookies, asks for HTML, follows nothing by itself.</summary>
public sealed partial class Browser : IDisposable
{
    public const string Password = "correct horse battery staple";

    /// <summary>Made once: it takes a while on purpose.</summary>
    public static readonly string PasswordHash = PasswordHashes.Of(Password);

    private readonly HttpClient _http;

    public Browser(ApiHost host)
    {
        Cookies = new CookieContainer();
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = host.Client.BaseAddress };
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public CookieContainer Cookies { get; }

    public Uri Address => _http.BaseAddress!;

    public static async Task<Browser> SignedInAsync(ApiHost host)
    {
        var browser = new Browser(host);
        using var answer = await browser.SignInAsync(Password);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return browser;
    }

    public async Task<HttpResponseMessage> SignInAsync(string password, string? returnUrl = null, params (string Name, string Value)[] headers)
    {
        var token = await TokenAsync(Access.SignInPath);
        return await PostAsync(Access.SignInPath, token, headers, ("password", password), ("returnUrl", returnUrl ?? ""));
    }

    public Task<HttpResponseMessage> GetAsync(string address, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, address, content: null, headers);

    /// <summary>The antiforgery token that stands in a page's first form.</summary>
    public async Task<string> TokenAsync(string page)
    {
        using var answer = await GetAsync(page);
        var match = Token().Match(await answer.Content.ReadAsStringAsync());
        Assert.True(match.Success, $"{page}: {(int)answer.StatusCode} has no antiforgery token.");
        return match.Groups[1].Value;
    }

    public Task<HttpResponseMessage> PostAsync(string address, string? token, params (string Name, string Value)[] fields) => PostAsync(address, token, [], fields);

    public Task<HttpResponseMessage> PostAsync(string address, string? token, (string Name, string Value)[] headers, params (string Name, string Value)[] fields)
    {
        IEnumerable<KeyValuePair<string, string>> form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value));
        if (token is not null)
            form = form.Append(new("__RequestVerificationToken", token));
        return SendAsync(HttpMethod.Post, address, new FormUrlEncodedContent(form), headers);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address) { Content = content };
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return _http.SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
