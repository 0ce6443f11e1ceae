using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Redbark.Sync.Worker.Console.Actions;

/// <summary>What an action came to, shown once on the page that follows. It travels in a short-lived cookie that only this host can write.</summary>
internal sealed class Notices(IDataProtectionProvider protection)
{
    private const string CookieName = "redbark-notice";
    private const int LongestText = 600;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("notice").ToTimeLimitedDataProtector();

    public void Leave(HttpContext context, Notice notice)
    {
        var text = notice.Text.Length > LongestText ? notice.Text[..LongestText] : notice.Text;
        var sealedText = _protector.Protect(Encoding.UTF8.GetBytes($"{(notice.IsGood ? '+' : '-')}{text}"), Lifetime);
        context.Response.Cookies.Append(CookieName, WebEncoders.Base64UrlEncode(sealedText), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = Lifetime,
            IsEssential = true,
        });
    }

    /// <summary>The notice that was left, which is then gone.</summary>
    public Notice? Take(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is not { } cookie || context.Response.HasStarted)
            return null;
        context.Response.Cookies.Delete(CookieName);
        try
        {
            var text = Encoding.UTF8.GetString(_protector.Unprotect(WebEncoders.Base64UrlDecode(cookie)));
            return new Notice(text[0] == '+', text[1..]);
        }
        catch (Exception error) when (error is CryptographicException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>A sentence for a person.</summary>
/// <param name="IsGood">Whether what was asked for was done.</param>
/// <param name="Text">What happened.</param>
internal sealed record Notice(bool IsGood, string Text);
