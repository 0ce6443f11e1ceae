using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.SignIn.OpenId;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>A person's session: a cookie that names who it is and the settings under which they signed in. Other settings end it.</summary>
internal sealed class Sessions(IOptions<ConsoleOptions> options, IOptions<OpenIdOptions> openId, EndedSessions ended, TimeProvider clock)
{
    private const string StampClaim = "stamp";
    private const string IdClaim = "session";

    private readonly string _stamp = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0',
        ["session", options.Value.SessionLength.ToString("c"), options.Value.PasswordHash, openId.Value.ClientId, openId.Value.UserInfoEndpoint?.AbsoluteUri, .. openId.Value.Allowed]))).AsSpan(0, 16));

    public Task StartAsync(HttpContext context, string name) => context.SignInAsync(Access.Session, Principal(name));

    public ClaimsPrincipal Principal(string name) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(StampClaim, _stamp), new Claim(IdClaim, Guid.NewGuid().ToString())], Access.Session));

    /// <summary>Signs out: the cookie goes, and whoever copied it has nothing.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (Guid.TryParse(context.User.FindFirstValue(IdClaim), out var id))
        {
            var ticket = await context.AuthenticateAsync(Access.Session);
            await ended.EndAsync(id, ticket.Properties?.ExpiresUtc ?? clock.GetUtcNow() + options.Value.SessionLength);
        }

        await context.SignOutAsync(Access.Session);
    }

    /// <summary>Refuses a session that was signed out, or that began under another password, another length of sessions, or another list of those who may.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (context.Principal?.FindFirstValue(StampClaim) == sessions._stamp && Guid.TryParse(context.Principal.FindFirstValue(IdClaim), out var id)
            && !await sessions.IsEndedAsync(id, context.HttpContext.RequestAborted))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Access.Session);
    }

    private Task<bool> IsEndedAsync(Guid id, CancellationToken cancellation) => ended.IsEndedAsync(id, cancellation);

    /// <summary>Whether the request comes from a person's browser, and not from a program with a token.</summary>
    public static bool IsSession(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, AuthenticationType: Access.Session };
}
