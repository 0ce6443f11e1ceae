using System.Diagnostics;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

public sealed class TemporaryDirectoryTests
{
    [Fact]
    public async Task What_a_killed_process_left_is_removed_and_nothing_else()
    {
        using var place = new TemporaryDirectory("abandoned");
        using var gone = Process.Start("true");
        await gone.WaitForExitAsync();
        var left = Make($"redbark-postgres-{gone.Id}-abcdefgh.123");
        await File.WriteAllTextAsync(Path.Combine(left, "file"), "x");
        string[] others =
        [
            Make($"redbark-postgres-{Environment.ProcessId}-abcdefgh.123"), Make("redbark-postgres-abcdefgh.123"), Make($"other-{gone.Id}-abcdefgh.123"), Make($"redbark-sync-{gone.Id}"),
        ];

        TemporaryDirectory.RemoveAbandoned(place.Path);

        Assert.False(Directory.Exists(left));
        Assert.All(others, other => Assert.True(Directory.Exists(other), other));

        string Make(string name) => Directory.CreateDirectory(Path.Combine(place.Path, name)).FullName;
    }

    [Fact]
    public void One_in_memory_names_its_process()
    {
        using var directory = TemporaryDirectory.InMemory("named");
        Assert.SkipUnless(directory.Path.StartsWith("/dev/shm/", StringComparison.Ordinal), "This machine has no room in memory.");
        Assert.Contains($"-{Environment.ProcessId}-", Path.GetFileName(directory.Path), StringComparison.Ordinal);
    }
}
