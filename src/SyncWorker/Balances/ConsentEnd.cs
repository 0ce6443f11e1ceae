using Redbark.Sync.Worker.Balances.Schema;

namespace Redbark.Sync.Worker.Balances;

/// <summary>
/// Consents that end soon: they can be read still, and cannot be any more after it until their user has consented again. One word for it,
/// so that the overview, the notices and the metrics name the same connections.
/// </summary>
internal static class ConsentEnd
{
    /// <summary>Of <c>ledger.connections</c>: whose consent ends before <c>$1</c> (see <see cref="Horizon"/>).</summary>
    public const string IsNear = $"""
        status <> '{Connection.Gone}' AND needs_attention_since IS NULL AND (status = '{Connection.Expiring}' OR consent_ends_at < $1)
        """;

    /// <summary>The end of the time that is near.</summary>
    public static DateTimeOffset Horizon(this BalanceOptions options, TimeProvider clock) => clock.GetUtcNow() + options.ConsentNotice;

    /// <summary>The earlier of two ends, of which either may be unknown.</summary>
    public static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
}
