namespace Redbark.Sync.Ingress.Relay;

/// <summary>The <c>Relay</c> section.</summary>
internal sealed class RelayOptions
{
    public const string Section = "Relay";

    /// <summary>Deliveries that are being published at once.</summary>
    public int Window { get; set; } = 32;

    /// <summary>Bytes of the bodies that are being published at once; one larger body goes alone.</summary>
    public long WindowBytes { get; set; } = 32L << 20;

    /// <summary>A longer body goes out as <see cref="Contracts.LargeDelivered"/>: its rows are read by the worker.</summary>
    public int LargeBodyBytes { get; set; } = 1 << 20;

    /// <summary>The longest wait between two attempts to publish one delivery.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long RabbitMQ may take to confirm before an attempt counts as failed.</summary>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long what is being published may take when the ingress stops.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public IEnumerable<string> Problems()
    {
        if (Window is < 1 or > 10_000)
            yield return $"{Section}:{nameof(Window)}: expected 1 to 10000, found {Window}.";
        if (WindowBytes < 1 << 20)
            yield return $"{Section}:{nameof(WindowBytes)}: expected at least 1048576 bytes, found {WindowBytes}.";
        if (LargeBodyBytes < 0)
            yield return $"{Section}:{nameof(LargeBodyBytes)}: expected 0 or more bytes, found {LargeBodyBytes}.";
        if (MaxBackoff <= TimeSpan.Zero)
            yield return $"{Section}:{nameof(MaxBackoff)}: expected a time span above zero, found {MaxBackoff}.";
        if (ConfirmTimeout <= TimeSpan.Zero)
            yield return $"{Section}:{nameof(ConfirmTimeout)}: expected a time span above zero, found {ConfirmTimeout}.";
        if (DrainTimeout < TimeSpan.Zero)
            yield return $"{Section}:{nameof(DrainTimeout)}: expected a time span of zero or more, found {DrainTimeout}.";
    }
}
