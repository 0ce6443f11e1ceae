using System.Diagnostics;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Deployment;

/// <summary><c>./redbark env</c>.</summary>
public sealed class EnvironmentFileTests : IDisposable
{
    // What compose would take for a variable and for a comment, were it not quoted.
    private const string Secret = "whsec_$of #the \\dashboard";

    private readonly TemporaryDirectory _directory = new("env");

    private string File => Path.Combine(_directory.Path, "env");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_is_made_once_for_its_owner_alone_with_new_secrets_each_time()
    {
        Assert.Equal(0, await RunAsync());
        var first = Values();
        Assert.Equal($"'{Secret}'", first["REDBARK_SECRET"]);
        Assert.Equal(("''", "'Australia/Sydney'"), (first["REDBARK_API_KEY"], first["REDBARK_TIME_ZONE"]));
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

    [Theory]
    [InlineData("it's")]
    [InlineData("back\\")]
    [InlineData("two\nlines")]
    public async Task What_cannot_stand_between_quotes_is_refused_and_nothing_is_written(string secret)
    {
        Assert.Equal(2, await RunAsync(secret));
        Assert.False(System.IO.File.Exists(File));
    }

    private Dictionary<string, string> Values() => System.IO.File.ReadAllLines(File)
        .Where(line => !line.StartsWith('#')).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    private async Task<int> RunAsync(string secret = Secret)
    {
        var start = new ProcessStartInfo("bash", [DeployFile.PathOf("redbark"), "env"]) { RedirectStandardError = true };
        start.Environment["REDBARK_ENV_FILE"] = File;
        start.Environment["REDBARK_SECRET"] = secret;
        using var process = Process.Start(start)!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
