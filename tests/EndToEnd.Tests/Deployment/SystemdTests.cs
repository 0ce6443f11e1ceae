namespace Redbark.Sync.EndToEnd.Tests.Deployment;

/// <summary>The unit of the standalone shape. What systemd itself says of it is not asked here: not every machine has it.</summary>
public sealed class SystemdTests
{
    private static readonly ILookup<string, string> Unit = DeployFile.Read("deploy/systemd/redbark-sync.service").Split('\n')
        .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
        .Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1]);

    [Fact]
    public void A_stop_goes_to_the_process_alone_and_waits_until_it_has_drained()
    {
        Assert.Equal(["mixed"], Unit["KillMode"]);
        Assert.True(int.Parse(Unit["TimeoutStopSec"].Single()) > 30);
        // Wrong configuration (exit code 2) would be wrong again.
        Assert.Equal(["2"], Unit["RestartPreventExitStatus"]);
    }

    [Fact]
    public void It_writes_to_its_state_only_and_gains_no_rights()
    {
        Assert.Equal(["strict"], Unit["ProtectSystem"]);
        Assert.Equal(["yes"], Unit["NoNewPrivileges"]);
        Assert.Equal([""], Unit["CapabilityBoundingSet"]);
        Assert.NotEqual("root", Unit["User"].Single());
        Assert.Equal("/var/lib/" + Unit["StateDirectory"].Single(), Unit["WorkingDirectory"].Single());
    }

    [Fact]
    public void Its_settings_are_described_and_its_secret_is_a_credential()
    {
        Assert.All(Unit["Environment"], setting => Assert.True(DeployFile.IsSetting(setting.Split('=')[0]), setting));
        var credential = Unit["LoadCredential"].Single().Split(':')[0];
        Assert.Contains($"Feeds__redbark__SecretFiles__0=%d/{credential}", Unit["Environment"]);
    }
}
