using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Console.Settings;

/// <summary>What can be done on <c>/settings</c>: nothing is changed there, so nothing is written down.</summary>
internal static class SettingsActions
{
    public static void MapSettingsActions(this RouteGroupBuilder actions) => actions.MapPost("/settings/signature", CheckAsync);

    private static async Task<RazorComponentResult> CheckAsync(HttpContext context, IConfiguration configuration, TimeProvider clock)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        string secret = form["secret"].ToString(), signature = form["signature"].ToString().Trim(), timestamp = form["timestamp"].ToString().Trim();
        // A browser sends every line end of a text area as two characters.
        var body = form["body"].ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
        return new RazorComponentResult<SettingsPage>(new Dictionary<string, object?>
        {
            [nameof(SettingsPage.Report)] = Check(Encoding.UTF8.GetBytes(body), signature, timestamp, secret, configuration, clock.GetUtcNow()),
            [nameof(SettingsPage.CheckedBody)] = body,
            [nameof(SettingsPage.CheckedSignature)] = signature,
            [nameof(SettingsPage.CheckedTimestamp)] = timestamp,
        });
    }

    private static SignatureReport Check(byte[] body, string signature, string timestamp, string secret, IConfiguration configuration, DateTimeOffset now)
    {
        if (secret.Length > SigningSecret.MaximumLength)
            return new SignatureReport(false, [$"A secret has at most {SigningSecret.MaximumLength} characters."]);
        try
        {
            IReadOnlyList<SigningSecret> secrets = secret.Length > 0 ? [SigningSecret.FromText("the pasted secret", secret)] : FeedSecrets.Read(configuration);
            return secrets.Count > 0
                ? SignatureReport.Of(body, signature, timestamp, secrets, now)
                : new SignatureReport(false, ["This process has no feed's secret: paste the one to check with. It is used for this check and not kept."]);
        }
        catch (Exception unusable) when (unusable is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return new SignatureReport(false, ["A configured secret cannot be read or is too long; 'redbark-sync doctor' says which."]);
        }
    }
}
