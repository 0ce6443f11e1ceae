namespace Redbark.Sync.Contracts;

/// <summary>One signed webhook request that the ingress accepted and stored.</summary>
public sealed record Delivery
{
    /// <summary>Assigned when the request was accepted: a version 7 UUID whose timestamp is <see cref="ReceivedAt"/>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The configured feed (the last segment of the webhook's URL).</summary>
    public required string Feed { get; init; }

    /// <summary>IANA time zone of the feed, in which instants become booking dates.</summary>
    public required string TimeZone { get; init; }

    /// <summary>When the request was accepted: UTC, whole milliseconds.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary><c>X-Redbark-Timestamp</c>: when the sender made the signature (UTC, whole seconds; spec 1.1).</summary>
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary>The request headers that are kept (never the signature), by lower-case name.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The name of the secret that matched, such as <c>Secrets:0</c>; never its value.</summary>
    public required string SecretName { get; init; }

    /// <summary>The exact bytes that were signed.</summary>
    public required StoredBody Body { get; init; }

    /// <summary>What the envelope says of itself; null when the body could not be read.</summary>
    public Envelope? Envelope { get; init; }
}

/// <summary>A request body, kept exactly.</summary>
/// <param name="GZip">The bytes, compressed with gzip.</param>
/// <param name="Length">Length of the uncompressed bytes.</param>
/// <param name="Sha256">SHA-256 of the uncompressed bytes, 64 lower-case hex digits.</param>
public sealed record StoredBody(byte[] GZip, int Length, string Sha256);
