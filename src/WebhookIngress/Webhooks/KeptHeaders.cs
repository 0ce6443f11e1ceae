using System.Collections.Frozen;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Webhooks;

/// <summary>The request headers that are stored with a delivery. Never the signature.</summary>
internal static class KeptHeaders
{
    private const int MaxLength = 256;

    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        ["content-type", "user-agent", WebhookHeaders.DeliveryId.ToLowerInvariant(), WebhookHeaders.Timestamp.ToLowerInvariant()]);

    /// <summary>The kept headers by lower-case name; a longer value is cut to 256 characters.</summary>
    public static Dictionary<string, string> Of(IHeaderDictionary headers)
    {
        var kept = new Dictionary<string, string>(Names.Count, StringComparer.Ordinal);
        foreach (var name in Names)
        {
            if (headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value)
                kept[name] = value.Length <= MaxLength ? value : value[..MaxLength];
        }

        return kept;
    }
}
