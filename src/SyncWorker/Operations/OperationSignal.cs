namespace Redbark.Sync.Worker.Operations;

/// <summary>Tells the worker that something was asked for.</summary>
internal sealed class OperationSignal : WakeSignal;
