using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>Delivers what a bank has and a destination does not have yet (spec 2.4, 2.5, 3).</summary>
public sealed class WebhookSender : IDisposable
{
    private const int EventsKept = 50;

    private readonly SimulatedBank _bank;
    private readonly Destination _destination;
    private readonly SenderOptions _options;
    private readonly TimeProvider _clock;
    private readonly WebhookPost _post;
    private readonly IdSequence _eventIds;
    private readonly IdSequence _runIds;
    private readonly SemaphoreSlim _oneRun = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Queue<SentEvent> _sent = new(EventsKept);
    private long _lastCreated;

    /// <summary>A sender for one destination.</summary>
    /// <param name="bank">What is delivered.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="client">Posts; see <see cref="CreateClient"/>.</param>
    /// <param name="options">How.</param>
    /// <param name="clock">The time of <c>created</c> and of signatures: real time, or receivers refuse it.</param>
    /// <param name="seed">Seed of event and run ids.</param>
    public WebhookSender(SimulatedBank bank, Destination destination, HttpClient client, SenderOptions options, TimeProvider clock, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChunkSize, 1);
        ArgumentOutOfRangeException.ThrowIfZero(options.RetrySchedule.Count);
        ArgumentOutOfRangeException.ThrowIfZero(destination.Secrets.Count);
        _bank = bank;
        _destination = destination;
        _options = options;
        _clock = clock;
        _post = new WebhookPost(client, destination, options.RequestTimeout, clock);
        _eventIds = new IdSequence(seed, "event");
        _runIds = new IdSequence(seed, "run");
    }

    /// <summary>The last 50 events in the order in which they were first sent.</summary>
    public IReadOnlyList<SentEvent> Sent
    {
        get
        {
            lock (_gate)
            {
                return [.. _sent];
            }
        }
    }

    /// <summary>A client as the sender needs it: it follows no redirect, and the sender's own timeout counts.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <inheritdoc/>
    public void Dispose() => _oneRun.Dispose();

    /// <summary>Runs one sync. Runs of one sender never overlap.</summary>
    /// <param name="faults">What goes wrong in it.</param>
    /// <param name="cancellationToken">Stops it; a chunk under way is then not recorded.</param>
    /// <exception cref="ArgumentOutOfRangeException">The faults name a chunk before the first.</exception>
    public async Task<SyncRunReport> RunAsync(SyncFaults? faults = null, CancellationToken cancellationToken = default)
    {
        faults ??= new SyncFaults();
        ArgumentOutOfRangeException.ThrowIfLessThan(faults.Chunk, 1, nameof(faults));
        await _oneRun.WaitAsync(cancellationToken);
        try
        {
            return await RunOneAsync(faults, cancellationToken);
        }
        finally
        {
            _oneRun.Release();
        }
    }

    /// <summary>Posts the exact bytes of an earlier event once more, signed now; nothing is recorded but the attempt.</summary>
    public Task<DeliveryAttempt> RedeliverAsync(SentEvent sent, CancellationToken cancellationToken = default) =>
        _post.SendAsync(sent with { SignedAt = Now() }, 0, corrupt: false, loseAnswer: false, cancellationToken);

    /// <summary>Posts the bytes of an earlier event with a wrong signature, as somebody else would; nothing is recorded but the attempt.</summary>
    public Task<DeliveryAttempt> ForgeAsync(SentEvent sent, CancellationToken cancellationToken = default) =>
        _post.SendAsync(sent with { SignedAt = Now() }, 0, corrupt: true, loseAnswer: false, cancellationToken);

    /// <summary>Posts any bytes, well signed, once; nothing is recorded but the attempt.</summary>
    public Task<DeliveryAttempt> PostAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default) =>
        _post.SendAsync(new SentEvent(NextEventId(), "", body, Now()), 0, corrupt: false, loseAnswer: false, cancellationToken);

    /// <summary>Posts a thin ping (spec 4.4).</summary>
    /// <exception cref="InvalidOperationException">The destination takes full webhooks, which have no test delivery (spec 3.5).</exception>
    public Task<DeliveryAttempt> PingAsync(CancellationToken cancellationToken = default)
    {
        if (!_destination.Thin)
            throw new InvalidOperationException("Only thin destinations can be pinged.");

        var id = NextEventId();
        var body = EventBodies.WriteThin(id, "event_destination.ping", _clock.GetUtcNow());
        return _post.SendAsync(new SentEvent(id, "event_destination.ping", body, Now()), 0, corrupt: false, loseAnswer: false, cancellationToken);
    }

    private async Task<SyncRunReport> RunOneAsync(SyncFaults faults, CancellationToken cancellationToken)
    {
        var runId = _runIds.NextShort("run_");
        if (!_destination.Enabled)
            return new SyncRunReport(runId, RunOutcome.Disabled, [], false);

        var batch = SyncBatch.Collect(_bank, _destination, _options).WithExtraRows(faults.Chunk, faults.ExtraRows);
        if (batch.Chunks.Count == 0)
            return new SyncRunReport(runId, RunOutcome.NothingToSend, [], true);

        // Receivers rank observations by created, which has whole seconds: two runs within one second would be equals.
        _lastCreated = Math.Max(Now(), _lastCreated + 1);
        var bodies = new EventBodies(new WireRows(_bank), _destination, _options, runId, _lastCreated, batch);

        var reports = new List<ChunkReport>();
        if (_destination.Thin)
            reports.Add(await DeliverThinAsync(batch, faults, cancellationToken));
        else
            await DeliverChunksAsync(batch, bodies, faults, reports, cancellationToken);

        var failed = reports.Exists(report => report.Outcome == ChunkOutcome.Failed);
        if (failed)
            _destination.RunFailed(_options.AutoDisable);
        return new SyncRunReport(runId, failed ? RunOutcome.Failed : RunOutcome.Delivered, reports, _destination.Enabled);
    }

    private async Task DeliverChunksAsync(
        SyncBatch batch, EventBodies bodies, SyncFaults faults, List<ChunkReport> reports, CancellationToken cancellationToken)
    {
        var order = Enumerable.Range(0, batch.Chunks.Count).ToArray();
        if (faults.Swap && faults.Chunk < order.Length)
            (order[faults.Chunk - 1], order[faults.Chunk]) = (order[faults.Chunk], order[faults.Chunk - 1]);

        var failed = false;
        foreach (var index in order)
        {
            var chunk = batch.Chunks[index];
            var here = index == faults.Chunk - 1 ? faults : new SyncFaults();
            var (outcome, attempts) =
                failed && !_options.ContinueAfterFailedChunk ? (ChunkOutcome.NotSent, [])
                : here.Drop || index == faults.Lost - 1 ? (ChunkOutcome.Dropped, [])
                : await DeliverAsync(id => bodies.Write(id, chunk), chunk.Type, here, cancellationToken);

            failed |= outcome == ChunkOutcome.Failed;
            if (outcome is ChunkOutcome.Delivered or ChunkOutcome.Dropped)
                _destination.Delivered.Record(chunk);
            reports.Add(new ChunkReport(chunk.Type, chunk.Number, chunk.Total, chunk.NewCount, chunk.Updated.Count, outcome, attempts));
        }
    }

    private async Task<ChunkReport> DeliverThinAsync(SyncBatch batch, SyncFaults faults, CancellationToken cancellationToken)
    {
        const string type = "sync_run.succeeded";
        var created = DateTimeOffset.FromUnixTimeSeconds(_lastCreated);
        var (outcome, attempts) = await DeliverAsync(id => EventBodies.WriteThin(id, type, created), type, faults, cancellationToken);
        if (outcome == ChunkOutcome.Delivered)
        {
            foreach (var chunk in batch.Chunks)
                _destination.Delivered.Record(chunk);
        }

        return new ChunkReport(type, 1, 1, 0, 0, outcome, attempts);
    }

    private async Task<(ChunkOutcome Outcome, IReadOnlyList<DeliveryAttempt> Attempts)> DeliverAsync(
        Func<string, byte[]> write, string type, SyncFaults faults, CancellationToken cancellationToken)
    {
        var sent = Keep(write, type);
        var attempts = faults.SendTwice == SendTwice.Concurrently
            ? (await Task.WhenAll(TryAsync(sent, write, faults, cancellationToken), TryAsync(sent, write, faults, cancellationToken))).SelectMany(both => both).ToList()
            : await TryAsync(sent, write, faults, cancellationToken);

        var delivered = attempts.Exists(attempt => attempt.Outcome == AttemptOutcome.Delivered);
        if (delivered)
            _destination.Succeeded();
        if (delivered && faults.SendTwice == SendTwice.Sequentially)
            attempts.Add(await RedeliverAsync(sent, cancellationToken));
        return (delivered ? ChunkOutcome.Delivered : ChunkOutcome.Failed, attempts);
    }

    private async Task<List<DeliveryAttempt>> TryAsync(SentEvent sent, Func<string, byte[]> write, SyncFaults faults, CancellationToken cancellationToken)
    {
        var attempts = new List<DeliveryAttempt>();
        for (var retry = 0; retry < _options.RetrySchedule.Count; retry++)
        {
            await DelayAsync(_options.RetrySchedule[retry], cancellationToken);
            if (retry > 0 && _options.NewEventIdPerAttempt)
                sent = Keep(write, sent.Type);
            if (retry > 0 && _options.RefreshTimestamp)
                sent = sent with { SignedAt = Now() };

            var attempt = await _post.SendAsync(sent, retry, faults.CorruptSignature, retry < faults.LoseAnswers, cancellationToken);
            attempts.Add(attempt);
            if (attempt.Outcome is AttemptOutcome.Delivered or AttemptOutcome.Refused or AttemptOutcome.Redirected)
                break;
        }

        return attempts;
    }

    private Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        delay == TimeSpan.Zero ? Task.CompletedTask
        : _options.Delay is { } wait ? wait(delay, cancellationToken)
        : Task.Delay(delay, _clock, cancellationToken);

    private SentEvent Keep(Func<string, byte[]> write, string type)
    {
        var id = NextEventId();
        var sent = new SentEvent(id, type, write(id), Now());
        lock (_gate)
        {
            if (_sent.Count == EventsKept)
                _sent.Dequeue();
            _sent.Enqueue(sent);
        }

        return sent;
    }

    private string NextEventId() => _destination.Thin ? _eventIds.NextShort("evt_") : _eventIds.NextUuid().ToString();

    private long Now() => _clock.GetUtcNow().ToUnixTimeSeconds();
}
