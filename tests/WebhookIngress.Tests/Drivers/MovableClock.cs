namespace Redbark.Sync.Ingress.Tests;

/// <summary>The system's clock, moved by as much as a test likes. Timers run as usual.</summary>
internal sealed class MovableClock : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
