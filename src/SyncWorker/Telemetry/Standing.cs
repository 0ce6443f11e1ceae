namespace Redbark.Sync.Worker.Telemetry;

/// <summary>What stands in the database at one time that somebody may have to look at.</summary>
internal sealed record Standing
{
    /// <summary>Rows in quarantine that wait for a person.</summary>
    public long Quarantined { get; init; }

    /// <summary>Deliveries that could not be applied.</summary>
    public long Parked { get; init; }

    /// <summary>Proofs of accounts and securities, by status; every status, also those that none has.</summary>
    public required IReadOnlyDictionary<string, long> Proofs { get; init; }

    /// <summary>Gaps that are not closed, by state.</summary>
    public required IReadOnlyDictionary<string, long> Gaps { get; init; }

    /// <summary>Connections and consents that cannot be read until a person does something.</summary>
    public long Connections { get; init; }

    /// <summary>Connections that can be read still, and whose consent ends soon.</summary>
    public long EndingConsents { get; init; }

    public required IReadOnlyList<StandingFeed> Feeds { get; init; }
}

/// <summary>A feed, as <c>watch-silence</c> last saw it.</summary>
internal sealed record StandingFeed(string Name, DateTimeOffset LastDeliveryAt, bool IsSilent);
