using System.Collections.Frozen;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Feeds;

/// <summary>One configured feed.</summary>
/// <param name="Name">Last segment of the webhook's URL: 1 to 64 of <c>a-z 0-9 - _</c>.</param>
/// <param name="TimeZone">
/// IANA time zone in which instants become booking dates. <c>Australia/Sydney</c> where none is configured: Redbark reads Australian
/// banks, and in UTC a morning's purchase would be booked on the day before.
/// </param>
/// <param name="Secrets">Every active secret, at least one.</param>
internal sealed record Feed(string Name, string TimeZone, IReadOnlyList<SigningSecret> Secrets)
{
    public const string DefaultTimeZone = "Australia/Sydney";
}

/// <summary>All feeds at one moment.</summary>
/// <param name="ByName">The feeds.</param>
/// <param name="Fingerprint">Equal when nothing changed; tells nothing of the secrets.</param>
internal sealed record FeedSet(FrozenDictionary<string, Feed> ByName, string Fingerprint);
