using System.Diagnostics;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary><c>redbark-sync export</c> against a running process.</summary>
public sealed class ExportTests
{
    [Fact]
    public async Task The_ledger_is_written_to_a_file_that_hledger_reads_and_to_standard_output()
    {
        await using var process = new StandaloneProcess(("Schedule__Enabled", "false"));
        await process.Process.StartAsync();
        using var sender = new Sender(process.Webhook);
        await sender.SendAsync(1);
        await sender.SendAsync(2);
        using var api = process.CreateApiClient();
        await api.HasDeliveriesAsync(2, () => process.Process.Output);

        using var directory = new TemporaryDirectory("export");
        var file = Path.Combine(directory.Path, "ledger.journal");
        var written = await process.RunAsync("export", "--output", file);
        Assert.True(written.ExitCode == 0, written.Output);
        Assert.Equal(file, Assert.Single(Directory.EnumerateFiles(directory.Path)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        using var hledger = Process.Start("hledger", ["-f", file, "check", "--strict"]);
        await hledger.WaitForExitAsync();
        Assert.Equal(0, hledger.ExitCode);

        var printed = await process.RunAsync("export", "--format", "csv", "--from", "2000-01-01");
        Assert.Equal(0, printed.ExitCode);
        Assert.All(Sender.RowsOf(1).Concat(Sender.RowsOf(2)), row => Assert.Contains($",{row},", printed.Output));

        var refused = await process.RunAsync("export", "--format", "xml", "--output", file);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("format: expected hledger, beancount or csv, found 'xml'", refused.Output);
        Assert.StartsWith("; The ledger as an hledger journal", await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task A_process_that_does_not_run_is_told_and_no_file_is_made()
    {
        using var directory = new TemporaryDirectory("export");
        var run = await CommandRun.StartAsync(
            new() { ["Api__Tokens__0"] = DistributedStack.Token, ["Urls"] = $"http://127.0.0.1:{FreePort.Next()}" }, "export", "-o", Path.Combine(directory.Path, "x"));
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("is redbark-sync up running?", run.Output);
        Assert.Empty(Directory.EnumerateFiles(directory.Path));
    }
}
