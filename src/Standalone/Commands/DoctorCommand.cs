using System.CommandLine;
using Redbark.Sync.Standalone.Database;
using Redbark.Sync.Standalone.Hosting;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync doctor</c>: checks one thing after the other and says what to mend.</summary>
internal static class DoctorCommand
{
    private sealed record Finding(string Check, bool Good, string Said);

    private static readonly Uri[] HealthPaths = [new("/health/live", UriKind.Relative), new("/health/ready", UriKind.Relative)];

    public static Command Create()
    {
        var command = new Command("doctor", "Check the machine, the configuration and the running process.");
        command.SetHandler(async (_, configuration, cancellation) =>
        {
            var good = true;
            await foreach (var finding in ExamineAsync(configuration, cancellation))
            {
                Console.WriteLine($"{(finding.Good ? "ok  " : "FAIL")} {finding.Check,-14} {finding.Said}");
                good &= finding.Good;
            }

            return good ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    private static async IAsyncEnumerable<Finding> ExamineAsync(
        IConfiguration configuration, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var feed in Feeds(configuration))
            yield return feed;

        yield return Database(configuration);
        yield return DataDirectory(configuration.Data());

        using var http = new HttpClient { BaseAddress = configuration.LocalUrl(), Timeout = TimeSpan.FromSeconds(5) };
        foreach (var path in HealthPaths)
            yield return await HealthAsync(http, path, cancellation);
    }

    private static IEnumerable<Finding> Feeds(IConfiguration configuration)
    {
        var feeds = configuration.GetSection("Feeds").GetChildren().ToList();
        if (feeds.Count == 0)
            yield return new("feeds", false, "none is configured: set Feeds:redbark:Secrets:0 in redbark.json or Feeds__redbark__Secrets__0 in the environment");

        foreach (var feed in feeds)
        {
            var secrets = feed.GetSection("Secrets").GetChildren().Count(secret => secret.Value is { Length: > 0 and <= SigningSecret.MaximumLength });
            var files = feed.GetSection("SecretFiles").GetChildren().ToList();
            var missing = files.Where(file => !File.Exists(file.Value)).Select(file => file.Value).ToList();
            yield return missing.Count > 0
                ? new($"feed {feed.Key}", false, $"secret files are missing: {string.Join(", ", missing)}")
                : new($"feed {feed.Key}", secrets + files.Count > 0, $"{secrets + files.Count} usable secrets");
        }
    }

    private static Finding Database(IConfiguration configuration)
    {
        if (!string.IsNullOrEmpty(configuration["ConnectionStrings:Ledger"]))
            return new("database", true, "ConnectionStrings:Ledger names a server; /health/ready below tells whether it answers");

        try
        {
            var found = PostgresBinaries.Find(configuration["Postgres:BinDirectory"], madeBy: null);
            return new("database", true, $"PostgreSQL {found.MajorVersion} in {found.Directory}");
        }
        catch (PrivatePostgresException missing)
        {
            return new("database", false, missing.Message);
        }
    }

    private static Finding DataDirectory(DataDirectory data)
    {
        const long enough = 1L << 30;
        var existing = new DirectoryInfo(data.Path);
        while (!existing.Exists && existing.Parent is { } parent)
            existing = parent;

        try
        {
            var probe = Path.Combine(existing.FullName, $".redbark-doctor-{Environment.ProcessId}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new("data", false, $"{existing.FullName} cannot be written: {refused.Message}");
        }

        var free = new DriveInfo(existing.FullName).AvailableFreeSpace;
        return new("data", free >= enough, $"{data.Path}, {free / (1 << 20):N0} MiB free{(free >= enough ? "" : "; deliveries are refused when the disk is full")}");
    }

    private static async Task<Finding> HealthAsync(HttpClient http, Uri path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(path, cancellation);
            return new(path.ToString(), answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {(await answer.Content.ReadAsStringAsync(cancellation)).Trim()}");
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return new(path.ToString(), false, $"nothing answers on {http.BaseAddress}: is redbark-sync up running?");
        }
    }
}
