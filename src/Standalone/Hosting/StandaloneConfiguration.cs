namespace Redbark.Sync.Standalone.Hosting;

/// <summary>
/// Where settings come from, later ones first in rank: <c>redbark.json</c> in the working directory (or the file that
/// <c>REDBARK_CONFIG</c> names), the environment, the command line (<c>--Journal:MaxBytes=…</c>).
/// </summary>
internal static class StandaloneConfiguration
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>The file of the settings, which need not exist.</summary>
    public static string File => Path.GetFullPath(Environment.GetEnvironmentVariable("REDBARK_CONFIG") ?? "redbark.json");

    public static void AddStandaloneSources(this ConfigurationManager configuration, string[] overrides)
    {
        configuration.Sources.Clear();
        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = DefaultUrl,
            ["Data:Directory"] = "data",
        });
        configuration.AddJsonFile(File, optional: true, reloadOnChange: true);
        configuration.AddEnvironmentVariables();
        configuration.AddEnvironmentVariables("ASPNETCORE_");
        configuration.AddCommandLine(overrides);
    }

    /// <summary>The settings alone, for commands that talk to a running process.</summary>
    public static IConfiguration Load(string[] overrides)
    {
        var configuration = new ConfigurationManager();
        configuration.AddStandaloneSources(overrides);
        return configuration;
    }

    public static DataDirectory Data(this IConfiguration configuration) => new(Path.GetFullPath(configuration["Data:Directory"]!));

    /// <summary>The first address that the process listens on, as a client on this machine writes it.</summary>
    public static Uri LocalUrl(this IConfiguration configuration)
    {
        var url = configuration["Urls"]!.Split(';')[0];
        foreach (var any in new[] { "//*", "//+", "//0.0.0.0", "//[::]" })
            url = url.Replace(any, "//127.0.0.1", StringComparison.Ordinal);
        return new Uri(url);
    }
}
