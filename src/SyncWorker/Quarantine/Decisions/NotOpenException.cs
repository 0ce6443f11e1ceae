namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>The row that was to be decided about has left quarantine, or was decided about, meanwhile.</summary>
internal sealed class NotOpenException() : InvalidOperationException("The row is not open in quarantine any more.");
