namespace Redbark.Sync.Ingress.Webhooks;

/// <summary>The <c>Webhooks</c> section.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>The longest body that is taken; a longer one is answered 413.</summary>
    public int MaxBodyBytes { get; set; } = 4 << 20;

    /// <summary>Bytes of all bodies that are in memory at once.</summary>
    public long MaxBytesInFlight { get; set; } = 256L << 20;

    /// <summary>How long a request waits for memory before it is answered 503.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a sender may take for a body before it is answered 408.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<string> Problems()
    {
        if (MaxBodyBytes is < 1 or > 1 << 30)
            yield return $"{Section}:{nameof(MaxBodyBytes)}: expected 1 to 1073741824 bytes, found {MaxBodyBytes}.";
        if (MaxBytesInFlight < MaxBodyBytes)
            yield return $"{Section}:{nameof(MaxBytesInFlight)}: expected at least {nameof(MaxBodyBytes)} ({MaxBodyBytes}), found {MaxBytesInFlight}.";
        if (MaxWait < TimeSpan.Zero)
            yield return $"{Section}:{nameof(MaxWait)}: expected a time span of zero or more, found {MaxWait}.";
        if (ReadTimeout <= TimeSpan.Zero)
            yield return $"{Section}:{nameof(ReadTimeout)}: expected a time span above zero, found {ReadTimeout}.";
    }
}
