using System.Diagnostics;
using Redbark.Sync.EndToEnd.Tests.Harness;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

public sealed class InterruptTests
{
    [Fact]
    public async Task Ctrl_C_stops_everything_and_leaves_the_data_to_its_owner_alone()
    {
        await using var standalone = new StandaloneProcess();
        await standalone.Process.StartAsync();
        using var api = standalone.CreateApiClient();
        using var sender = new Sender(standalone.Webhook);
        await sender.SendAsync(1);
        await api.HasDeliveriesAsync(1, () => standalone.Process.Output);

        using (var interrupt = Process.Start("kill", ["-INT", $"{standalone.Process.ProcessId}"]))
            await interrupt.WaitForExitAsync();
        Assert.Equal(0, await standalone.Process.WaitForExitAsync());
        Assert.False(File.Exists(standalone.ServerLockFile), standalone.Process.Output);
        Assert.DoesNotContain(" ERR ", standalone.Process.Output);

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        foreach (var directory in (string[])["journal", "postgres", "api-token"])
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(standalone.Data, directory)) & others);
    }
}
