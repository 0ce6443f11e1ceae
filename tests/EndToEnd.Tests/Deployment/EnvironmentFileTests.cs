using System.Diagnostics;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Deployment;

/// <summary><c>./redbark env</c>.</summary>
public sealed class EnvironmentFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("env");

    private string File => Path.Combine(_directory.Path, "env");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_is_made_once_for_its_owner_alone_with_new_secrets_each_time()
    {
        Assert.Equal(0, await RunAsync());
        var first = Values();
        Assert.Equal("whsec_of_the_dashboard", first["REDBARK_SECRET"]);
        Assert.Matches("^[0-9a-f]{64}$", first["API_TOKEN"]);
        Assert.All((string[])["POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "GRAFANA_PASSWORD"], name => Assert.Matches("^[0-9a-f]{32,}$", first[name]));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));

        System.IO.File.Delete(File);
        Assert.Equal(0, await RunAsync());
        Assert.Empty(Values().Values.Where(value => value.Length >= 32).Intersect(first.Values));
    }

    [Fact]
    public async Task One_that_is_there_stays_as_it_is()
    {
        await System.IO.File.WriteAllTextAsync(File, "POSTGRES_PASSWORD=mine\n");
        Assert.Equal(2, await RunAsync());
        Assert.Equal("POSTGRES_PASSWORD=mine\n", await System.IO.File.ReadAllTextAsync(File));
    }

    private Dictionary<string, string> Values() => System.IO.File.ReadAllLines(File)
        .Where(line => !line.StartsWith('#')).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private async Task<int> RunAsync()
    {
        var start = new ProcessStartInfo("bash", [DeployFile.PathOf("redbark"), "env"]) { RedirectStandardError = true };
        start.Environment["REDBARK_ENV_FILE"] = File;
        start.Environment["REDBARK_SECRET"] = "whsec_of_the_dashboard";
        using var process = Process.Start(start)!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
