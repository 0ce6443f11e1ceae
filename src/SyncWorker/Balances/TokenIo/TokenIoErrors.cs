using System.Text;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Normalisation;

namespace Redbark.Sync.Worker.Balances.TokenIo;

/// <summary>What Token.io's refusals mean: by status, since the codes are spelt in several ways (open-banking-balances 3.9).</summary>
internal static class TokenIoErrors
{
    /// <param name="answer">Not a success.</param>
    /// <param name="secret">What must not be repeated.</param>
    /// <param name="notBefore">The end of the wait, where the answer is 429.</param>
    public static ProviderException Of(ProviderAnswer answer, string secret, DateTimeOffset notBefore)
    {
        var error = ProviderErrors.Body(answer).Get("error");
        var code = error.Get("errorCode").Text();
        // Older gateways answer with plain text.
        var words = error.Get("message").Text() ?? (answer.Body.Length is > 0 and < 400 && answer.Body[0] is not ((byte)'{' or (byte)'<') ? Encoding.UTF8.GetString(answer.Body) : null);
        var trace = error.Get("tokenTraceId").Text() is { } id && !id.Contains(secret, StringComparison.Ordinal) ? $" (trace {id})" : "";
        var (fault, meaning) = Meaning(answer);
        return new ProviderException(fault, $"Token.io answered {(int)answer.Status}{meaning}{ProviderErrors.Quote(words, secret)}{trace}")
        {
            Status = answer.Status,
            Code = code is not null && code.Contains(secret, StringComparison.Ordinal) ? null : code,
            NotBefore = fault is ProviderFault.RateLimited ? notBefore : null,
        };
    }

    private static (ProviderFault Fault, string Meaning) Meaning(ProviderAnswer answer) => (int)answer.Status switch
    {
        401 => (ProviderFault.CredentialInvalid, ", it does not take TokenIo:ApiKey"),
        403 => (ProviderFault.ReauthRequired, ", the consent ended at the bank or does not cover this"),
        404 => (ProviderFault.AccountGone, ""),
        429 => (ProviderFault.RateLimited, ""),
        501 => (ProviderFault.Unsupported, ", this bank does not offer it"),
        408 => (ProviderFault.Transient, ""),
        >= 500 => (ProviderFault.Transient, IsOfBank(answer) ? ", because of a fault at the bank" : ""),
        >= 400 => (ProviderFault.BadRequest, ""),
        _ => (ProviderFault.Protocol, ""),
    };

    private static bool IsOfBank(ProviderAnswer answer) =>
        answer.Headers.TryGetValues("token-external-error", out var values) && values.Contains("true", StringComparer.OrdinalIgnoreCase);
}
