using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Console.SignIn;

namespace Redbark.Sync.Worker.SignIn.OpenId;

/// <summary>Makes a session of what the provider says, for whom the settings allow.</summary>
internal sealed partial class OpenIdHandler(
    IOptionsMonitor<OAuthOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<OpenIdOptions> settings, Sessions sessions, AuditLog audit)
    : OAuthHandler<OAuthOptions>(options, loggers, encoder)
{
    /// <summary>Says on the page to sign in that it did not work, and in the log why.</summary>
    public static async Task RefuseAsync(RemoteFailureContext context)
    {
        context.HandleResponse();
        var services = context.HttpContext.RequestServices;
        Log.Refused(services.GetRequiredService<ILogger<OpenIdHandler>>(), context.Failure?.Message);
        await services.GetRequiredService<AuditLog>().RecordAsync(context.HttpContext, actor: null, AuditAction.SignIn, subject: null, AuditOutcome.Refused, "openid_refused");
        await new SignInPageResult("/", "The provider did not sign you in, or you are not one of those who may.",
            services.GetRequiredService<IOptions<ConsoleOptions>>().Value.PasswordHash is not null, hasOpenId: true, StatusCodes.Status401Unauthorized).ExecuteAsync(context.HttpContext);
    }

    protected override async Task<AuthenticationTicket> CreateTicketAsync(ClaimsIdentity identity, AuthenticationProperties properties, OAuthTokenResponse tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Options.UserInformationEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await Backchannel.SendAsync(request, Context.RequestAborted);
        answer.EnsureSuccessStatusCode();
        using var user = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(Context.RequestAborted));

        var name = Allowed(user.RootElement) ?? throw new AuthenticationFailureException("Whom the provider named is not in the settings' list.");
        await audit.RecordAsync(Context, name, AuditAction.SignIn, subject: null, AuditOutcome.Done);
        // Nothing of the provider's tokens is kept.
        return new AuthenticationTicket(sessions.Principal(name), new AuthenticationProperties { RedirectUri = properties.RedirectUri }, Scheme.Name);
    }

    /// <summary>The name in the list that this is: a subject to the letter, or a verified e-mail address whatever its case. A subject is no address, whatever it looks like.</summary>
    private string? Allowed(JsonElement user)
    {
        if (user.ValueKind is not JsonValueKind.Object)
            return null;
        var subject = Text(user, "sub");
        var email = user.TryGetProperty("email_verified", out var verified) && verified.ValueKind is JsonValueKind.True ? Text(user, "email") : null;
        return settings.Value.Allowed.Find(name => OpenIdOptions.SubjectOf(name) is { } allowed ? allowed == subject : name.Equals(email, StringComparison.OrdinalIgnoreCase));
    }

    private static string? Text(JsonElement user, string name) =>
        user.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Signing in by OpenID Connect failed: {Problem}")]
        public static partial void Refused(ILogger logger, string? problem);
    }
}
