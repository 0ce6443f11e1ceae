using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Deployment;

/// <summary><c>deploy/Dockerfile</c>, its publish steps run without an engine.</summary>
public sealed partial class ImageTests
{
    private static readonly string Text = DeployFile.Read("deploy/Dockerfile");

    /// <summary>Stages by their name: what they build on, and their instructions.</summary>
    private static readonly Dictionary<string, (string From, string Body)> Stages = Stage().Split(Text)[1..].Chunk(3)
        .ToDictionary(stage => stage[1], stage => (stage[0], stage[2]));

    public static TheoryData<string> Targets => ["ingress", "worker", "simulator", "standalone"];

    [Theory]
    [MemberData(nameof(Targets))]
    public void An_image_runs_without_root_and_says_whether_it_is_well(string target)
    {
        var body = Stages[target].Body;
        var entry = body.IndexOf("ENTRYPOINT", StringComparison.Ordinal);
        var user = body.LastIndexOf("USER $APP_UID", StringComparison.Ordinal);
        Assert.InRange(user, 0, entry);
        Assert.DoesNotContain("USER root", body, StringComparison.Ordinal);
        Assert.Contains("HEALTHCHECK", body, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)secret|password", body);
    }

    [Fact]
    public void Compose_builds_targets_that_are_there()
    {
        var builds = DeployFile.Yaml("docker-compose.yml").Single().Fields("services").Select(service => service.Value.At("build"))
            .Where(build => build.ValueKind == JsonValueKind.Object).ToList();
        Assert.Equal(3, builds.Count);
        Assert.All(builds, build =>
        {
            Assert.Equal("deploy/Dockerfile", build.Text("dockerfile"));
            Assert.Contains(build.Text("target")!, Stages.Keys);
        });
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task What_is_published_is_what_the_image_starts(string target)
    {
        var (_, publish) = Stages[$"publish-{target}"];
        var command = Publish().Match(publish);
        Assert.True(command.Success);
        var assembly = Entry().Match(Stages[target].Body).Groups["assembly"].Value;

        using var app = new TemporaryDirectory("publish");
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        // The tests were built from the same sources; building once more would take the place of what they run on.
        var (exit, output) = await RunAsync("dotnet", ["publish", DeployFile.PathOf(command.Groups["project"].Value), "-c", configuration, "--no-build", "-o", app.Path, "-p:UseAppHost=false"]);
        Assert.True(exit == 0, output);
        Assert.True(File.Exists(Path.Combine(app.Path, assembly)), $"{assembly} was not published.");
        if (target == "simulator")
            return;

        // It starts, asks where nobody is, and says so.
        var settings = new Dictionary<string, string> { ["ASPNETCORE_URLS"] = $"http://+:{FreePort.Next()}" };
        (exit, output) = await RunAsync("dotnet", [Path.Combine(app.Path, assembly), "health"], settings);
        Assert.True(exit == 3, $"{exit}: {output}");
    }

    private static async Task<(int Exit, string Output)> RunAsync(string program, string[] arguments, Dictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in settings ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{await output}{await errors}");
    }

    [GeneratedRegex(@"^FROM (\S+) AS (\S+)\n", RegexOptions.Multiline)]
    private static partial Regex Stage();

    [GeneratedRegex(@"dotnet publish (?<project>src/\w+) -c Release -o /app")]
    private static partial Regex Publish();

    [GeneratedRegex(@"ENTRYPOINT \[""dotnet"", ""/app/(?<assembly>[^""]+)""\]")]
    private static partial Regex Entry();
}
