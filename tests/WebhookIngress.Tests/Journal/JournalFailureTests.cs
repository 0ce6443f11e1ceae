using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

public sealed class JournalFailureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("journal");
    private readonly FaultyFiles _files = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_full_disk_refuses_and_heals_by_itself(bool cannotTruncate)
    {
        List<Stored> stored;
        using (var journal = new JournalDriver(_directory.Path, files: _files))
        {
            _files.CannotTruncate = cannotTruncate;
            stored = [await journal.AppendAsync([1]), await journal.AppendAsync([2])];

            _files.IsFull = true;
            for (var i = 0; i < 3; i++)
            {
                var refused = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync(new byte[500]));
                Assert.Equal(JournalUnavailableException.Failing, refused.Reason);
            }

            Assert.NotNull(journal.Journal.Trouble);
            Assert.Single(journal.Logs.All, line => line.Contains("Deliveries are refused", StringComparison.Ordinal));

            _files.IsFull = false;
            for (var waited = 0; journal.Journal.Trouble is not null && waited < 100; waited++)
                await Task.Delay(50);
            Assert.Null(journal.Journal.Trouble);

            stored.Add(await journal.AppendAsync([3]));
            Assert.Equal(stored, journal.ReadAll());
        }

        using var reopened = new JournalDriver(_directory.Path);
        Assert.Equal(stored, reopened.ReadAll());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_failed_flush_the_same_file_is_not_written_again(bool cannotTruncate)
    {
        List<Stored> stored;
        using (var journal = new JournalDriver(_directory.Path, files: _files))
        {
            _files.CannotTruncate = cannotTruncate;
            stored = [await journal.AppendAsync([1])];
            var before = Directory.GetFiles(_directory.Path, "*.journal");

            _files.FlushesToFail = 1;
            await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync([2]));
            stored.Add(await journal.AppendAsync([3]));

            Assert.Equal(before.Length + 1, Directory.GetFiles(_directory.Path, "*.journal").Length);
            Assert.Equal(stored, journal.ReadAll());
        }

        using var reopened = new JournalDriver(_directory.Path);
        Assert.Equal(stored, reopened.ReadAll());
        Assert.Equal(3ul, (await reopened.AppendAsync([4])).Sequence);
    }

    [Fact]
    public async Task A_failed_group_fails_its_own_appends_only()
    {
        using var flushing = new SemaphoreSlim(0);
        using var mayFlush = new ManualResetEventSlim(false);
        using var journal = new JournalDriver(_directory.Path, files: _files);
        _files.BeforeFlush = () =>
        {
            flushing.Release();
            mayFlush.Wait();
        };
        var first = journal.AppendAsync([0]);
        await flushing.WaitAsync();
        var second = Enumerable.Range(1, 5).Select(i => journal.AppendAsync([(byte)i])).ToList();
        _files.FlushesToFail = 1;
        mayFlush.Set();
        await Assert.ThrowsAsync<JournalUnavailableException>(() => first);
        var stored = await Task.WhenAll(second);
        Assert.Equal(stored, journal.ReadAll());
        Assert.Equal(1ul, stored[0].Sequence);
    }

    [Fact]
    public async Task It_starts_on_a_full_disk_and_accepts_when_there_is_space()
    {
        _files.IsFull = true;
        using var journal = new JournalDriver(_directory.Path, files: _files);
        Assert.NotNull(journal.Journal.Trouble);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.AppendAsync([1]));
        _files.IsFull = false;
        Assert.Equal(1ul, (await journal.AppendAsync([1])).Sequence);
        Assert.Null(journal.Journal.Trouble);
    }
}
