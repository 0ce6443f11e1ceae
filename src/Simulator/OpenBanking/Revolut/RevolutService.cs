using System.Security.Cryptography.X509Certificates;
using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>What stands before every endpoint: headers, certificate, token, consent, budget, failures.</summary>
internal sealed class RevolutService(SimulatedBank bank, RevolutOptions options, RevolutFaults faults, RevolutConsents consents, RevolutTokens tokens, CallCounts calls)
{
    private const string PresenceHeader = "x-fapi-customer-ip-address";
    private static readonly TimeSpan FreshConsent = TimeSpan.FromMinutes(5);

    private readonly IdSequence _interactions = new(bank.Seed, "revolut interaction");
    private readonly CallBudget _budget = new(bank.Clock, options.MostUnattended, options.BudgetWindow);

    public DateTimeOffset Now => bank.Clock.GetUtcNow();

    /// <summary>Answers one call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="endpoint">Its name in counts and failures.</param>
    /// <param name="admit">Lets the caller in, or throws.</param>
    /// <param name="answer">Answers.</param>
    public async Task AnswerAsync<T>(HttpContext context, string endpoint, Func<T> admit, Func<T, Task<Reply>> answer)
    {
        var interaction = context.Request.Headers["x-fapi-interaction-id"].ToString();
        context.Response.Headers["x-fapi-interaction-id"] = interaction.Length > 0 ? interaction : _interactions.NextUuid().ToString();
        Reply reply;
        Damage? damage = null;
        try
        {
            CheckCertificate(context);
            var caller = admit();
            var failure = faults.Next.Take(endpoint);
            damage = DamageOf(failure);
            reply = failure is { } kind && damage is null ? Failed(kind) : await answer(caller);
        }
        catch (RevolutRefusal refusal)
        {
            reply = refusal.Reply;
        }

        if (reply.Status == StatusCodes.Status401Unauthorized && faults.EmptyUnauthorized)
            reply = reply with { Body = "" };
        await reply.WriteAsync(context.Response, damage, faults.Slowness);
    }

    /// <summary>Lets a client manage consents: its own token, not a user's.</summary>
    public RevolutBearer AdmitClient(HttpContext context)
    {
        calls.Add(new CallKind("consents", "", ""));
        var bearer = Bearer(context);
        return bearer.ConsentId is null ? bearer : throw RevolutRefusal.Forbidden();
    }

    /// <summary>Lets a caller read data of a user.</summary>
    /// <param name="context">The call.</param>
    /// <param name="endpoint">Its name.</param>
    /// <param name="accountId">The account; empty for none.</param>
    /// <param name="continues">True when it continues the paging of a call that was charged.</param>
    /// <param name="anyOf">Permissions, one of which the consent must have.</param>
    public RevolutConsent AdmitUser(HttpContext context, string endpoint, string accountId, bool continues, params ReadOnlySpan<string> anyOf)
    {
        var consentId = Known(context)?.ConsentId;
        var kind = new CallKind(endpoint, accountId, consentId ?? "");
        calls.Add(kind);
        // Spec 2.10: the answer to a client's own token is unknown; 403 here.
        if (Bearer(context).ConsentId is null)
            throw RevolutRefusal.Forbidden();

        var consent = consents.Find(consentId!)!;
        if (!consent.Holds(Now))
            throw RevolutRefusal.Unauthorized();
        if (!consent.Allows(anyOf))
            throw RevolutRefusal.Unauthorized("Consent has no permissions");

        // Spec 2.9: with the user, and right after the consent, calls are not limited.
        var free = continues || faults.Unlimited || context.Request.Headers.ContainsKey(PresenceHeader) || IsFresh(consent);
        if (!free && _budget.Take(kind) is { } wait)
            throw RevolutRefusal.Throttled(wait);
        return consent;
    }

    /// <summary>The consent of the token, whether or not it may do what it asks.</summary>
    public RevolutBearer? Known(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.Ordinal) ? tokens.Find(header["Bearer ".Length..]) : null;
    }

    /// <summary>True in the first five minutes of a consent (spec 2.4).</summary>
    public bool IsFresh(RevolutConsent consent) => Now - consent.AuthorisedAt < FreshConsent;

    public void CountToken() => calls.Add(new CallKind("token", "", ""));

    private RevolutBearer Bearer(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Accept.ToString() is { Length: > 0 } accept && !accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("*/*", StringComparison.Ordinal))
            throw RevolutRefusal.Of(406, "UK.OBIE.Header.Invalid", "Accept must be application/json");

        var bearer = Known(context) ?? throw RevolutRefusal.Unauthorized();
        return headers["x-fapi-financial-id"].ToString() switch
        {
            "" => throw RevolutRefusal.Of(400, "UK.OBIE.Header.Missing", "x-fapi-financial-id is missing"),
            var id when id != options.FinancialId => throw RevolutRefusal.Forbidden("Incorrect 'x-fapi-financial-id' value"),
            _ => bearer,
        };
    }

    private void CheckCertificate(HttpContext context)
    {
        if (!context.Request.IsHttps)
            return;
        if (context.Connection.ClientCertificate is not X509Certificate2 shown
            || !SimulatedCertificates.ThumbprintOf(shown).Equals(options.ClientThumbprint, StringComparison.OrdinalIgnoreCase))
            throw RevolutRefusal.OAuth(401, "invalid_client", "The client certificate is not registered");
    }

    private static Damage? DamageOf(RevolutFailure? failure) => failure switch
    {
        RevolutFailure.Slow => Damage.Slow,
        RevolutFailure.Truncated => Damage.Truncated,
        RevolutFailure.Reset => Damage.Reset,
        _ => null,
    };

    private static Reply Failed(RevolutFailure failure) => failure switch
    {
        RevolutFailure.ServerError => RevolutRefusal.Of(500, "UK.OBIE.UnexpectedError", "Something went wrong").Reply,
        RevolutFailure.BadGateway => new Reply(502, "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>", "text/html"),
        RevolutFailure.Throttled => RevolutRefusal.Throttled(TimeSpan.FromMinutes(1)).Reply,
        RevolutFailure.Unauthorized => RevolutRefusal.Unauthorized().Reply,
        RevolutFailure.Reauthenticate => RevolutRefusal.Of(403, "UK.OBIE.Reauthenticate", "The user has to authenticate again").Reply,
        RevolutFailure.LowerCaseForbidden => new Reply(403, """{"code":"403","message":"Forbidden"}"""),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
