using Microsoft.Extensions.Configuration;

namespace Redbark.Sync.Hosting;

/// <summary>
/// Asks a running host on this machine whether it is ready: <c>dotnet Redbark.Sync.Worker.dll health</c>. For containers, whose images
/// hold no other program that could ask.
/// </summary>
public static class HealthProbe
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Command = "health";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks <c>/health/ready</c> of the first address in <c>Urls</c>, which is where the host listens when it has the same settings.</summary>
    /// <returns>The exit code: 0 when it is ready, 1 when it is not, 3 when nobody answers.</returns>
    public static async Task<int> RunAsync()
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddEnvironmentVariables("ASPNETCORE_").Build();
        return await AskAsync(settings["Urls"] ?? "http://127.0.0.1:5000");
    }

    /// <inheritdoc cref="RunAsync"/>
    /// <param name="urls">Addresses as a server takes them, separated by semicolons.</param>
    public static async Task<int> AskAsync(string urls)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(Local(urls.Split(';')[0]), "/health/ready"));
            await Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 3;
        }
    }

    // A server's "every address" is no address for a client.
    private static Uri Local(string url)
    {
        foreach (var any in (string[])["//*", "//+", "//0.0.0.0", "//[::]"])
            url = url.Replace(any, "//127.0.0.1", StringComparison.Ordinal);
        return new Uri(url);
    }
}
