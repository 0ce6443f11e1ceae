using System.Net;
using System.Text.Json;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Normalisation;

namespace Redbark.Sync.Worker.Balances.Revolut;

/// <summary>What Revolut's refusals mean (open-banking-balances 2.8).</summary>
internal static class RevolutErrors
{
    /// <summary>A refused call for data. Bodies come in either case of letters, as HTML, or not at all.</summary>
    /// <param name="answer">Not a success.</param>
    /// <param name="secret">What must not be repeated.</param>
    /// <param name="notBefore">The end of the wait, where the answer is 429.</param>
    public static ProviderException Of(ProviderAnswer answer, string secret, DateTimeOffset notBefore)
    {
        var body = ProviderErrors.Body(answer);
        var errors = body.Get("Errors") is { ValueKind: JsonValueKind.Array } several ? several.EnumerateArray().Take(20).ToList() : [];
        List<string?> codes = [.. errors.Select(error => error.Get("ErrorCode").Text() ?? error.Get("errorCode").Text()), body.Get("Code").Text(), body.Get("code").Text()];
        List<string?> messages = [body.Get("Message").Text(), body.Get("message").Text(), .. errors.Select(error => error.Get("Message").Text())];
        var fault = FaultOf(answer.Status, codes, messages);
        var hint = fault is ProviderFault.CredentialInvalid ? ", check Revolut:FinancialId" : "";
        return new ProviderException(fault, $"Revolut answered {(int)answer.Status}{hint}{ProviderErrors.Quote(messages.Find(text => text is not null), secret)}")
        {
            Status = answer.Status,
            Code = codes.Find(code => code is not null && !code.Contains(secret, StringComparison.Ordinal)),
            NotBefore = fault is ProviderFault.RateLimited ? notBefore : null,
        };
    }

    /// <summary>A refused call of <c>/token</c>, in the words of OAuth (2.2).</summary>
    public static ProviderException OfToken(ProviderAnswer answer, string secret, DateTimeOffset notBefore)
    {
        var body = ProviderErrors.Body(answer);
        var code = body.Get("error").Text();
        var fault = (code, (int)answer.Status) switch
        {
            (_, 429) => ProviderFault.RateLimited,
            (_, 408 or >= 500) => ProviderFault.Transient,
            ("invalid_grant", _) => ProviderFault.ReauthRequired,
            ("invalid_client" or "unauthorized_client", _) or (_, 401 or 403) => ProviderFault.CredentialInvalid,
            _ => ProviderFault.BadRequest,
        };
        return new ProviderException(fault, $"Revolut answered {(int)answer.Status}{ProviderErrors.Quote(code, secret)}{ProviderErrors.Quote(body.Get("error_description").Text(), secret)}")
        {
            Status = answer.Status,
            Code = code is not null && code.Contains(secret, StringComparison.Ordinal) ? null : code,
            NotBefore = fault is ProviderFault.RateLimited ? notBefore : null,
        };
    }

    private static ProviderFault FaultOf(HttpStatusCode status, List<string?> codes, List<string?> messages) => (int)status switch
    {
        // 401 is an old token, a revoked consent or a missing permission; only the words tell the last from the others.
        401 => Says(messages, "permission") ? ProviderFault.PermissionMissing : ProviderFault.ReauthRequired,
        403 when Says(codes, "UK.OBIE.Reauthenticate") => ProviderFault.ReauthRequired,
        403 when Says(messages, "x-fapi-financial-id") => ProviderFault.CredentialInvalid,
        403 => ProviderFault.PermissionMissing,
        // The standard answers 400, and not 404, to an account that is not there.
        400 when Says(codes, "UK.OBIE.Resource.NotFound") => ProviderFault.AccountGone,
        404 => ProviderFault.AccountGone,
        429 => ProviderFault.RateLimited,
        408 or >= 500 => ProviderFault.Transient,
        >= 400 => ProviderFault.BadRequest,
        _ => ProviderFault.Protocol,
    };

    private static bool Says(List<string?> texts, string words) => texts.Exists(text => text?.Contains(words, StringComparison.OrdinalIgnoreCase) is true);
}
