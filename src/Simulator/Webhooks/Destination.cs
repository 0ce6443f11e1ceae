using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>A webhook destination: where a sync delivers to, and what has become of it.</summary>
public sealed class Destination
{
    private volatile bool _enabled = true;

    /// <summary>Where to post. Loopback and plain HTTP are allowed; the real sender refuses them (spec 1.1).</summary>
    public required Uri Url { get; set; }

    /// <summary>The secrets as shown in the dashboard. The first one signs; thin events are signed with all. Set others to rotate.</summary>
    public required IReadOnlyList<string> Secrets { get; set; }

    /// <summary>Rows booked before are never sent; null sends everything.</summary>
    public DateOnly? StartDate { get; init; }

    /// <summary>Sends pending rows too (experimental in Redbark, spec 3.4).</summary>
    public bool IncludePending { get; init; }

    /// <summary>An event destination: one event a run that carries no rows (spec 4).</summary>
    public bool Thin { get; init; }

    /// <summary>False after deliveries failed (spec 3.2), until <see cref="Enable"/>.</summary>
    public bool Enabled => _enabled;

    /// <summary>Failing runs since the last success.</summary>
    public int FailedRuns { get; private set; }

    /// <summary>The rows that were answered 2xx.</summary>
    public DeliveredRows Delivered { get; } = new();

    /// <summary>The last attempts.</summary>
    public DeliveryLog Log { get; } = new();

    /// <summary>What the three-dot menu does: deliveries go on with the next run.</summary>
    public void Enable()
    {
        FailedRuns = 0;
        _enabled = true;
    }

    internal IReadOnlyList<SigningSecret> SigningSecrets => [.. Secrets.Select((text, index) => SigningSecret.FromText($"Secrets:{index}", text))];

    internal void Succeeded() => FailedRuns = 0;

    internal void RunFailed(AutoDisable rule)
    {
        FailedRuns++;
        if (rule == AutoDisable.AfterOneFailedBatch || (rule == AutoDisable.AfterFiveFailedRuns && FailedRuns >= 5))
            _enabled = false;
    }
}
