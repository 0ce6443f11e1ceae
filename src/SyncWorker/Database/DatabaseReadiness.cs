namespace Redbark.Sync.Worker.Database;

/// <summary>Opens once the ledger's schema is up to date; whoever needs the database waits here first.</summary>
internal sealed class DatabaseReadiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    public Task WaitAsync(CancellationToken cancellation) => IsReady ? Task.CompletedTask : _ready.Task.WaitAsync(cancellation);

    public void Open() => _ready.TrySetResult();
}
