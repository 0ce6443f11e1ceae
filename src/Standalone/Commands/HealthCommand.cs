using System.CommandLine;
using Redbark.Sync.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync health</c>: is the running process ready? For containers and scripts.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var command = new Command(HealthProbe.Command, "Ask the running process whether it is ready, and return that as the exit code.");
        command.SetHandler((_, configuration, _) => HealthProbe.AskAsync(configuration["Urls"]!));
        return command;
    }
}
