using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.SignIn.OpenId;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>A person's session: a cookie that names who it is and the settings under which they signed in. Other settings end it.</summary>
internal sealed class Sessions(IOptions<ConsoleOptions> options, IOptions<OpenIdOptions> openId)
{
    private const string StampClaim = "stamp";

    private readonly string _stamp = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0',
        ["session", options.Value.PasswordHash, openId.Value.ClientId, openId.Value.UserInfoEndpoint?.AbsoluteUri, .. openId.Value.Allowed]))).AsSpan(0, 16));

    public Task StartAsync(HttpContext context, string name) => context.SignInAsync(Access.Session, Principal(name));

    public ClaimsPrincipal Principal(string name) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(StampClaim, _stamp)], Access.Session));

    /// <summary>Ends a session that began under another password, or another list of those who may.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
        if (context.Principal?.FindFirstValue(StampClaim) == sessions._stamp)
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Access.Session);
    }

    /// <summary>Whether the request comes from a person's browser, and not from a program with a token.</summary>
    public static bool IsSession(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true, AuthenticationType: Access.Session };
}
