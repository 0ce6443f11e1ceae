using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Redbark.Sync.Ingress.Telemetry;

namespace Redbark.Sync.Ingress.Journal;

/// <summary>The journal of accepted deliveries: what is appended survives a crash, and is read in the same order by the relay.</summary>
internal sealed class DeliveryJournal : IDisposable
{
    private readonly Channel<bool> _appended =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SegmentStore _store;
    private readonly JournalWriter _writer;
    private readonly JournalOptions _options;
    private readonly IngressMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <exception cref="OptionsValidationException">Another process uses the directory, or it cannot be written.</exception>
    public DeliveryJournal(
        JournalOptions options, IJournalFiles files, IngressMetrics metrics, TimeProvider clock, ILogger<DeliveryJournal> logger)
    {
        (_options, _metrics, _clock, _logger) = (options, metrics, clock, logger);
        _store = new SegmentStore(options.Directory, files, logger);
        _writer = new JournalWriter(_store, options, metrics, logger, () => _appended.Writer.TryWrite(true));
        metrics.Observe(this);
    }

    /// <summary>The sequence that the next record gets; everything below is on disk.</summary>
    public ulong End => _store.DurableEnd;

    /// <summary>Bytes of all segments.</summary>
    public long TotalBytes => _store.TotalBytes;

    /// <summary>Bytes of the segments that hold something that is not published. The others are a margin, and go when room is needed.</summary>
    public long UnpublishedBytes => _store.UnpublishedBytes;

    /// <summary>Bytes that the segments may take together.</summary>
    public long MaxBytes => _options.MaxBytes;

    /// <summary>Bytes that are free on the journal's disk.</summary>
    public long FreeBytes => new DriveInfo(Path.GetFullPath(_options.Directory)).AvailableFreeSpace;

    /// <summary>The saved position of the relay: the first sequence that is not known to be published.</summary>
    public ulong Published => _store.Position.Next;

    /// <summary>Why deliveries are refused at the moment; null when they are not.</summary>
    public JournalUnavailableException? Trouble => _writer.Trouble;

    /// <summary>Completes when the entry is on disk. The body must not change before that.</summary>
    /// <exception cref="JournalUnavailableException">The entry was not stored.</exception>
    public Task<JournalReceipt> AppendAsync(JournalEntry entry, ReadOnlyMemory<byte> body) => _writer.AppendAsync(entry, body);

    /// <summary>Reads from a sequence on.</summary>
    public JournalCursor ReadFrom(ulong sequence) => new(_store, sequence, _metrics, _logger);

    /// <summary>Completes when something was appended since the last call.</summary>
    public async Task WaitForAppendAsync(CancellationToken cancellation) => await _appended.Reader.ReadAsync(cancellation);

    /// <summary>Saves how far the relay is, and deletes segments that were published long enough ago.</summary>
    /// <exception cref="IOException">The position is not saved.</exception>
    public void SavePublished(ulong next)
    {
        _store.Position.Save(next);
        _store.Reclaim(_clock.GetUtcNow() - _options.Retention);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _store.Dispose();
    }
}
