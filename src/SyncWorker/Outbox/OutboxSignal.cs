namespace Redbark.Sync.Worker.Outbox;

/// <summary>Tells the relay that an entry was committed.</summary>
internal sealed class OutboxSignal : WakeSignal;
