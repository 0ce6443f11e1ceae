namespace Redbark.Sync.Worker.SignIn;

/// <summary>What tells browsers to load nothing from elsewhere, to run nothing that stands in a page, and to show it in no frame.</summary>
internal static class SecureHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    // Hangfire's own pages carry style attributes.
    private const string DashboardPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string Year = "max-age=31536000";

    public static void UseSecureHeaders(this WebApplication app) => app.UseWhen(
        context => !context.Request.Path.StartsWithSegments("/webhooks"),
        branch => branch.Use((context, next) =>
        {
            // Now, because the dashboard takes its part off the path.
            var policy = context.Request.Path.StartsWithSegments("/hangfire") ? DashboardPolicy : Policy;
            // At the last moment, because an error handler clears what was set before.
            context.Response.OnStarting(() => { Set(context, policy); return Task.CompletedTask; });
            return next(context);
        }));

    private static void Set(HttpContext context, string policy)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = Year;
    }
}
