using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Console.Actions;
using Redbark.Sync.Worker.Console.SignIn;
using Redbark.Sync.Worker.SignIn.Limits;
using Redbark.Sync.Worker.SignIn.OpenId;

namespace Redbark.Sync.Worker.SignIn;

/// <summary><c>/sign-in</c>, <c>/sign-in/link</c> and <c>/sign-out</c></summary>
internal static class SignInEndpoints
{
    private const string Operator = "operator";
    private const string ByLink = "sign-in link";
    private const int LongestForm = 16 << 10;

    public static void MapSignIn(this WebApplication app)
    {
        app.MapGet(Access.SignInPath, Show).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Access.SignInPath, SignInAsync).AllowAnonymous().ExcludeFromDescription()
            .WithMetadata(new AntiforgeryNeeded(), new RequestSizeLimitAttribute(LongestForm));
        app.MapGet(OpenIdSetup.Path, GoToProvider).AllowAnonymous().ExcludeFromDescription();
        app.MapGet(SignInLink.Path, UseLinkAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(Access.SignOutPath, SignOutAsync).RequireAuthorization(Access.SignedIn).ExcludeFromDescription();
    }

    private static IResult Show(HttpContext context, SignInWays ways) => Sessions.IsSession(context.User)
        ? Results.LocalRedirect(ReturnUrls.Local(context.Request.Query[Access.ReturnUrl]))
        : Page(context, ways, context.Request.Query[Access.ReturnUrl], message: null, StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(
        HttpContext context, SignInWays ways, AttemptLimiter limiter, Sessions sessions, AuditLog audit)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var returnUrl = ReturnUrls.Local(form[Access.ReturnUrl]);
        if (ways.PasswordHash is not { } hash)
            return Page(context, ways, returnUrl, message: null, StatusCodes.Status404NotFound);

        var (attempt, wait) = limiter.Take(context.Connection.RemoteIpAddress);
        if (attempt is null)
        {
            await audit.RecordAsync(context, actor: null, AuditAction.SignIn, subject: null, AuditOutcome.Refused, "too_many_attempts");
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return Page(context, ways, returnUrl,
                $"Too many wrong passwords. Try again in {(int)Math.Ceiling(wait.TotalMinutes)} min.", StatusCodes.Status429TooManyRequests);
        }

        var password = form["password"].ToString();
        if (password.Length > PasswordHashes.Longest || !PasswordHashes.Matches(hash, password))
        {
            await audit.RecordAsync(context, actor: null, AuditAction.SignIn, subject: null, AuditOutcome.Refused, "password_wrong");
            return Page(context, ways, returnUrl, "That is not the password.", StatusCodes.Status401Unauthorized);
        }

        limiter.Forgive(attempt);
        await sessions.StartAsync(context, Operator);
        await audit.RecordAsync(context, Operator, AuditAction.SignIn, subject: null, AuditOutcome.Done);
        return new SeeOther(returnUrl);
    }

    private static async Task<IResult> UseLinkAsync(
        HttpContext context, string? token, SignInWays ways, SignInLink link, Sessions sessions, AuditLog audit)
    {
        if (!SignInLink.IsFromThisMachine(context) || !link.TryUse(token))
        {
            await audit.RecordAsync(context, actor: null, AuditAction.SignIn, subject: null, AuditOutcome.Refused, "link_invalid");
            return Page(context, ways, returnUrl: null,
                "This link does not work any more: it is for one use, within a quarter of an hour, on the machine that printed it. The next start prints another.",
                StatusCodes.Status401Unauthorized);
        }

        await sessions.StartAsync(context, ByLink);
        await audit.RecordAsync(context, ByLink, AuditAction.SignIn, subject: null, AuditOutcome.Done);
        return new SeeOther("/");
    }

    private static IResult GoToProvider(HttpContext context, SignInWays ways) => ways.HasOpenId
        ? Results.Challenge(new AuthenticationProperties { RedirectUri = ReturnUrls.Local(context.Request.Query[Access.ReturnUrl]) }, [OpenIdSetup.SchemeName])
        : Results.NotFound();

    private static async Task<IResult> SignOutAsync(HttpContext context, Sessions sessions, AuditLog audit)
    {
        await audit.RecordAsync(context, AuditAction.SignOut, subject: null, AuditOutcome.Done);
        await sessions.EndAsync(context);
        return new SeeOther(Access.SignInPath);
    }

    private static SignInPageResult Page(HttpContext context, SignInWays ways, string? returnUrl, string? message, int status) =>
        new(ReturnUrls.Local(returnUrl), message, ways.PasswordHash is not null, ways.HasOpenId, status);
}
