using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Api.Authentication;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.SignIn.Keys;
using Redbark.Sync.Worker.SignIn.Limits;
using Redbark.Sync.Worker.SignIn.OpenId;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>Sessions for people, tokens for programs, and one policy for both.</summary>
internal static class SignInSetup
{
    public static WebApplicationBuilder AddSignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ConsoleOptions>().Configure<IConfiguration>(ConsoleOptions.Read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ConsoleOptions>, ConsoleOptionsValidator>();
        services.AddOptions<ApiTokenOptions>().Configure<IConfiguration>(ApiTokenOptions.Read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiTokenOptions>, ApiTokenOptionsValidator>();
        services.AddHostedService<TokenNotice>();
        services.AddSingleton<EndedSessions>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignInWays>();
        services.AddSingleton<AttemptLimiter>();
        services.AddSingleton<AuditLog>();
        services.TryAddSingleton<SignInLink>();
        services.AddSessionKeys();

        services.AddAuthentication(Access.SignedIn)
            .AddPolicyScheme(Access.SignedIn, displayName: null, scheme => scheme.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, configureOptions: null)
            .AddCookie(Access.Session, cookie =>
            {
                cookie.Cookie.Name = Access.CookieName;
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.Cookie.IsEssential = true;
                cookie.SlidingExpiration = false;
                cookie.LoginPath = Access.SignInPath;
                cookie.ReturnUrlParameter = Access.ReturnUrl;
                cookie.Events.OnRedirectToLogin = Challenge.AnswerAsync;
                cookie.Events.OnValidatePrincipal = Sessions.ValidateAsync;
            });
        services.AddOptions<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>(Access.Session)
            .Configure<IOptions<ConsoleOptions>, TimeProvider>((cookie, console, clock) =>
            {
                cookie.ExpireTimeSpan = console.Value.SessionLength;
                cookie.TimeProvider = clock;
            });

        services.AddOpenId(builder.Configuration);

        // Denied by default: whoever adds a route that anybody may use has to say so there.
        var signedIn = new AuthorizationPolicyBuilder(Access.SignedIn).RequireAuthenticatedUser().Build();
        services.AddAuthorizationBuilder().SetFallbackPolicy(signedIn).SetDefaultPolicy(signedIn).AddPolicy(Access.SignedIn, signedIn);

        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = Access.AntiforgeryCookieName;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.ReadKeysWhenNeeded();
        return builder;
    }

    /// <summary>Comes after what handles errors, and before whatever answers.</summary>
    public static void UseSignIn(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<AntiforgeryGuard>();
        app.UseAntiforgery();
    }

    // A wrong token beside a good cookie is a wrong token.
    private static string SchemeOf(HttpContext context) =>
        context.Request.Headers.Authorization.ToString().StartsWith($"{BearerHandler.SchemeName} ", StringComparison.OrdinalIgnoreCase)
            ? BearerHandler.SchemeName
            : Access.Session;
}
