namespace Redbark.Sync.Ingress;

/// <summary>Memory that may be in use at once, handed out in the order it was asked for.</summary>
/// <param name="capacity">Bytes in all; a larger request counts as all of them.</param>
/// <param name="clock">Measures how long a request waits.</param>
internal sealed class ByteBudget(long capacity, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Request> _waiting = new();
    private readonly long _capacity = capacity;
    private long _free = capacity;

    public long Free
    {
        get
        {
            lock (_gate)
                return _free;
        }
    }

    /// <summary>Waits until the bytes are free. What was entered must be released once.</summary>
    public async ValueTask EnterAsync(long bytes, CancellationToken cancellation) =>
        await TryEnterAsync(bytes, Timeout.InfiniteTimeSpan, cancellation);

    /// <summary>Waits as long as <paramref name="patience"/> until the bytes are free.</summary>
    /// <returns>True when they were entered: they must be released once.</returns>
    public ValueTask<bool> TryEnterAsync(long bytes, TimeSpan patience, CancellationToken cancellation)
    {
        bytes = Math.Min(bytes, _capacity);
        lock (_gate)
        {
            if (_waiting.Count == 0 && bytes <= _free)
            {
                _free -= bytes;
                return ValueTask.FromResult(true);
            }

            var request = new Request(bytes);
            return new(WaitAsync(request, _waiting.AddLast(request), patience, cancellation));
        }
    }

    public void Release(long bytes)
    {
        lock (_gate)
        {
            _free += Math.Min(bytes, _capacity);
            Serve();
        }
    }

    private void Serve()
    {
        while (_waiting.First is { } first && first.Value.Bytes <= _free)
        {
            _free -= first.Value.Bytes;
            _waiting.RemoveFirst();
            first.Value.Served.SetResult();
        }
    }

    private async Task<bool> WaitAsync(Request request, LinkedListNode<Request> node, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            await request.Served.Task.WaitAsync(patience, clock, cancellation);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (node.List is null)
                    _free += request.Bytes;
                else
                    _waiting.Remove(node);
                Serve();
            }

            if (e is OperationCanceledException)
                throw;
            return false;
        }
    }

    private sealed class Request(long bytes)
    {
        public long Bytes { get; } = bytes;

        public TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
