using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Redbark.Sync.Worker.Api;
using Redbark.Sync.Worker.Api.Authentication;
using Redbark.Sync.Worker.Api.OpenApi;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>What a request without sign-in is answered: a browser that opens a page is sent to sign in, all else is told 401.</summary>
internal static class Challenge
{
    public static Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (!IsPage(context.Request))
            return context.HttpContext.ChallengeAsync(BearerHandler.SchemeName);
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    /// <summary>Whether a person's browser asks for a page.</summary>
    public static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !IsApi(request) && TakesHtml(request);

    public static bool TakesHtml(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static bool IsApi(HttpRequest request) => request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments(ApiDocument.Root);
}
