namespace Redbark.Sync.Worker.SignIn;

/// <summary>Who may do anything here: a person with a session, or a program with a token. One policy for console, API and dashboard.</summary>
internal static class Access
{
    /// <summary>The policy, and the scheme that tells a person from a program.</summary>
    public const string SignedIn = "SignedIn";

    /// <summary>The scheme of people: a session in a cookie.</summary>
    public const string Session = "Session";

    public const string CookieName = "redbark-session";
    public const string AntiforgeryCookieName = "redbark-antiforgery";
    public const string SignInPath = "/sign-in";
    public const string SignOutPath = "/sign-out";
    public const string ReturnUrl = "returnUrl";
}
