using System.Diagnostics;

namespace Redbark.Sync.Testing;

/// <summary>The container commands that Testcontainers does not offer: an end without notice, and a second start.</summary>
internal static class Docker
{
    public static async Task RunAsync(string command, string container)
    {
        using var docker = Process.Start("docker", [command, container]);
        await docker.WaitForExitAsync();
        if (docker.ExitCode != 0)
            throw new InvalidOperationException($"docker {command} {container} ended with {docker.ExitCode}.");
    }
}
