using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Ingress.Feeds;
using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Ingress.Telemetry;

namespace Redbark.Sync.Ingress.Tests;

/// <summary>One opening of a journal.</summary>
internal sealed class JournalDriver : IDisposable
{
    private readonly ServiceProvider _services;

    public JournalDriver(string directory, Action<JournalOptions>? configure = null, IJournalFiles? files = null, TimeProvider? clock = null)
    {
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs)).BuildServiceProvider();
        clock ??= TimeProvider.System;
        var options = new JournalOptions { Directory = directory };
        configure?.Invoke(options);
        try
        {
            Metrics = new IngressMetrics(_services.GetRequiredService<IMeterFactory>(), clock);
            Journal = new DeliveryJournal(
                options, files ?? new DiskFiles(), Metrics, clock,
                _services.GetRequiredService<ILogger<DeliveryJournal>>());
        }
        catch
        {
            _services.Dispose();
            throw;
        }
    }

    public LogCapture Logs { get; } = new();

    public DeliveryJournal Journal { get; }

    public IngressMetrics Metrics { get; }

    public static JournalEntry Entry(string feed = "redbark") => new()
    {
        Id = Guid.CreateVersion7(),
        Feed = feed,
        TimeZone = "Australia/Sydney",
        SignedAt = DateTimeOffset.FromUnixTimeSeconds(1_790_985_600),
        SecretName = "Secrets:0",
        Headers = new Dictionary<string, string> { ["content-type"] = "application/json", ["user-agent"] = "Café" },
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    public async Task<Stored> AppendAsync(byte[] body)
    {
        var entry = Entry();
        var receipt = await Journal.AppendAsync(entry, body);
        return new Stored(receipt.Sequence, entry.Id, Convert.ToHexString(body));
    }

    /// <summary>Every record from a sequence on.</summary>
    public List<Stored> ReadAll(ulong from = 1)
    {
        var all = new List<Stored>();
        using var cursor = Journal.ReadFrom(from);
        while (cursor.Read() is { } record)
        {
            using (record)
                all.Add(new Stored(record.Sequence, record.Entry.Id, Convert.ToHexString(record.Body.Span)));
        }

        return all;
    }

    public void Dispose()
    {
        Journal.Dispose();
        _services.Dispose();
    }
}

internal sealed record Stored(ulong Sequence, Guid Id, string Body);
