using System.Collections.Concurrent;
using Npgsql;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>
/// The sessions that were signed out before their time, so that a copy of the cookie is worth nothing. They are few and kept in memory;
/// what other workers ended is read at most once in <see cref="Freshness"/>, however many pages are asked for.
/// </summary>
internal sealed partial class EndedSessions(NpgsqlDataSource database, DatabaseReadiness readiness, TimeProvider clock, ILogger<EndedSessions> logger) : IDisposable
{
    /// <summary>How long another worker may take for open what was signed out here.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    // A database that does not answer must keep nobody from reading what the settings page says of it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _ended = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _unwritten = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private long? _readAt;

    public async Task<bool> IsEndedAsync(Guid session, CancellationToken cancellation)
    {
        if (_ended.ContainsKey(session))
            return true;
        await RefreshAsync(cancellation);
        return _ended.ContainsKey(session);
    }

    /// <param name="session">The session.</param>
    /// <param name="until">When its cookie ends by itself.</param>
    public async Task EndAsync(Guid session, DateTimeOffset until)
    {
        _ended[session] = until;
        _unwritten[session] = until;
        if (!readiness.IsReady)
            return;
        // Not ended by the browser's going away: whoever signs out wants it done.
        using var limit = new CancellationTokenSource(Patience, clock);
        await ExchangeAsync(limit.Token);
    }

    public void Dispose() => _reading.Dispose();

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!readiness.IsReady || (_readAt is { } at && clock.GetElapsedTime(at) < Freshness))
            return;
        // The first look is waited for; later ones by one request, while the others go by what is known.
        if (!await _reading.WaitAsync(_readAt is null ? Patience : TimeSpan.Zero, cancellation))
            return;
        try
        {
            if (_readAt is { } meanwhile && clock.GetElapsedTime(meanwhile) < Freshness)
                return;
            using var limit = new CancellationTokenSource(Patience, clock);
            await ExchangeAsync(limit.Token);
            _readAt = clock.GetTimestamp();
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Tells the database what was ended here, and takes up what was ended elsewhere.</summary>
    private async Task ExchangeAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        try
        {
            await using var batch = database.CreateBatch();
            var own = _unwritten.ToArray();
            foreach (var (session, until) in own)
                batch.Add("INSERT INTO ledger.ended_sessions (id, until) VALUES ($1, $2) ON CONFLICT DO NOTHING").With(session).With(until);
            if (own.Length > 0)
                batch.Add("DELETE FROM ledger.ended_sessions WHERE until < $1").With(now);
            batch.Add("SELECT id, until FROM ledger.ended_sessions WHERE until >= $1").With(now);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                _ended[reader.GetGuid(0)] = reader.GetFieldValue<DateTimeOffset>(1);
            foreach (var (session, _) in own)
                _unwritten.TryRemove(session, out _);
        }
        catch (Exception error) when (TransientFaults.IsTransient(error) || error is OperationCanceledException)
        {
            Log.NotExchanged(logger, error.Message);
        }

        foreach (var (session, until) in _ended)
        {
            if (until < now)
                _ended.TryRemove(session, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Which sessions were signed out cannot be exchanged with other workers, the database does not answer: {Problem}")]
        public static partial void NotExchanged(ILogger logger, string problem);
    }
}
