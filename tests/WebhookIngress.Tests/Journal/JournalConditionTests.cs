using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

public sealed class JournalConditionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("conditions");
    private readonly MovableClock _clock = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_delivery_that_waits_for_long_is_one_while_it_waits()
    {
        using var journal = new JournalDriver(_directory.Path, clock: _clock);
        Assert.Empty(await KindsAsync(journal));
        journal.Metrics.OldestUnpublished = _clock.GetUtcNow();
        Assert.Empty(await KindsAsync(journal));
        _clock.Offset = TimeSpan.FromMinutes(6);
        Assert.Equal(["journal_lag"], await KindsAsync(journal));
        journal.Metrics.OldestUnpublished = null;
        Assert.Empty(await KindsAsync(journal));
    }

    [Fact]
    public async Task A_journal_that_is_nearly_full_is_one_before_it_refuses()
    {
        using var journal = new JournalDriver(_directory.Path, options => (options.SegmentBytes, options.MaxBytes) = (1 << 16, 1 << 17));
        await journal.AppendAsync(new byte[50_000]);
        Assert.Empty(await KindsAsync(journal));
        await journal.AppendAsync(new byte[60_000]);
        Assert.Equal(["journal_full"], await KindsAsync(journal));
    }

    [Fact]
    public async Task A_disk_that_is_gone_is_one_and_hides_no_other()
    {
        using var journal = new JournalDriver(_directory.Path, clock: _clock);
        journal.Metrics.OldestUnpublished = _clock.GetUtcNow() - TimeSpan.FromHours(1);
        Directory.Delete(_directory.Path, recursive: true);
        var source = new JournalConditions(journal.Journal, journal.Metrics, _clock);
        var found = await source.ReadAsync(CancellationToken.None);
        Assert.Equal(["journal_lag", "disk"], found.Select(condition => condition.Kind));
        Assert.All(found, condition => Assert.Contains(condition.Kind, source.Kinds));
    }

    [Fact]
    public async Task Published_segments_do_not_fill_it_because_they_go_when_room_is_needed()
    {
        using var journal = new JournalDriver(_directory.Path, options => (options.SegmentBytes, options.MaxBytes) = (1 << 16, 1 << 17));
        await journal.AppendAsync(new byte[50_000]);
        var second = await journal.AppendAsync(new byte[60_000]);
        Assert.Equal(["journal_full"], await KindsAsync(journal));
        Assert.Equal(journal.Journal.TotalBytes, journal.Journal.UnpublishedBytes);

        // All of the first segment, nothing of the second.
        journal.Journal.SavePublished(second.Sequence);
        Assert.Empty(await KindsAsync(journal));
        Assert.InRange(journal.Journal.TotalBytes, 110_000, 1 << 17);
        Assert.InRange(journal.Journal.UnpublishedBytes, 60_000, 61_000);
        journal.Journal.SavePublished(second.Sequence + 1);
        Assert.Equal(0, journal.Journal.UnpublishedBytes);

        await journal.AppendAsync(new byte[60_000]);
        Assert.Empty(await KindsAsync(journal));
        Assert.InRange(journal.Journal.UnpublishedBytes, 60_000, 61_000);
    }

    // How much room the machine's disk has is not this test's to say.
    private async Task<List<string>> KindsAsync(JournalDriver journal) =>
        [.. (await new JournalConditions(journal.Journal, journal.Metrics, _clock).ReadAsync(CancellationToken.None))
            .Select(condition => condition.Kind).Where(kind => kind != "disk")];
}
