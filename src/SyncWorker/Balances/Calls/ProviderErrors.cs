using System.Text.Json;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Worker.Balances.Calls;

/// <summary>Errors of providers, in words for people.</summary>
internal static class ProviderErrors
{
    /// <summary>Says before the message which call failed, and after it how the provider can find the call.</summary>
    public static ProviderException Of(this ProviderException error, string call, string? trace = null) =>
        new(error.Fault, $"{call}: {error.Message}{(trace is null ? "" : $" ({trace})")}", error.InnerException)
        {
            Status = error.Status,
            Code = error.Code,
            NotBefore = error.NotBefore,
            ReachedProvider = error.ReachedProvider,
        };

    /// <summary>The word for a connection's state in <see cref="ConnectionListing.Status"/>: <c>reauth_required</c>.</summary>
    public static string Status(this ProviderException error) => JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Fault.ToString());

    /// <summary>An error body as JSON; an undefined element where it is none (HTML of a proxy, plain text, nothing).</summary>
    public static JsonElement Body(ProviderAnswer answer)
    {
        try
        {
            using var document = answer.Json();
            return document.RootElement.Clone();
        }
        catch (ProviderException)
        {
            return default;
        }
    }

    /// <summary>A provider's own words as part of a message: one line, cut, and left out when they repeat a secret.</summary>
    public static string Quote(string? words, string secret)
    {
        if (string.IsNullOrWhiteSpace(words) || words.Contains(secret, StringComparison.Ordinal))
            return "";
        var line = new string([.. words.Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim();
        return $" \"{(line.Length > 160 ? line[..160] + "…" : line)}\"";
    }
}
