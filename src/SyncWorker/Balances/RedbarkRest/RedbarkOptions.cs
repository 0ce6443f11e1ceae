using System.Globalization;
using Microsoft.Extensions.Options;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Worker.Balances.RedbarkRest;

/// <summary>How REST is reached: the section <c>Redbark</c>. Without a key nothing is read.</summary>
internal sealed class RedbarkOptions
{
    public const string Section = "Redbark";
    public const string ApiKeyKey = $"{Section}:ApiKey";

    private const int LongestKey = 4096;

    public Uri BaseUrl { get; private set; } = RedbarkClientOptions.DefaultBaseUrl;

    /// <summary>The key and the limits; null without a key.</summary>
    public RedbarkClientOptions? Client { get; private set; }

    /// <summary>Longest call, body included.</summary>
    public TimeSpan Timeout { get; private set; }

    /// <summary>What cannot be used: said by the validator.</summary>
    public List<string> Problems { get; } = [];

    public static void Read(RedbarkOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        options.ReadBaseUrl(section.GetSection(nameof(BaseUrl)));
        options.Timeout = TimeSpan.FromSeconds(options.Number(section, "TimeoutSeconds", (int)ProviderHttp.DefaultTimeout.TotalSeconds, 1, 600));
        var defaults = new RedbarkClientOptions { ApiKey = "" };
        var client = new RedbarkClientOptions
        {
            ApiKey = options.ReadKey(section) ?? "",
            CheapPerMinute = options.Number(section, nameof(RedbarkClientOptions.CheapPerMinute), defaults.CheapPerMinute, 1, 10_000),
            MidPerMinute = options.Number(section, nameof(RedbarkClientOptions.MidPerMinute), defaults.MidPerMinute, 1, 10_000),
            HeavyPerMinute = options.Number(section, nameof(RedbarkClientOptions.HeavyPerMinute), defaults.HeavyPerMinute, 1, 10_000),
            HeavyInFlight = options.Number(section, nameof(RedbarkClientOptions.HeavyInFlight), defaults.HeavyInFlight, 1, 100),
            LongestWait = TimeSpan.FromSeconds(options.Number(section, "LongestWaitSeconds", (int)defaults.LongestWait.TotalSeconds, 0, 3600)),
        };
        options.Client = client.ApiKey.Length > 0 ? client : null;
    }

    // A key in the clear would be anybody's on the way; only this machine itself needs no TLS.
    private void ReadBaseUrl(IConfigurationSection item)
    {
        if (string.IsNullOrEmpty(item.Value))
            return;
        if (Uri.TryCreate(item.Value.TrimEnd('/') + "/", UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            && url is { Query: "", Fragment: "", UserInfo: "" })
            BaseUrl = url;
        else
            Problem(item.Path, "an https:// address (http:// on this machine only), without a query", $"'{item.Value}'");
    }

    private string? ReadKey(IConfigurationSection section)
    {
        var (plain, file) = (section.GetSection("ApiKey"), section.GetSection("ApiKeyFile"));
        if (!string.IsNullOrEmpty(plain.Value) && !string.IsNullOrEmpty(file.Value))
            Problem(plain.Path, $"a key here or in {file.Path}", "both");
        if (!string.IsNullOrEmpty(plain.Value))
            return Checked(plain.Path, plain.Value);
        if (string.IsNullOrEmpty(file.Value))
            return null;

        try
        {
            return Checked(file.Path, File.ReadAllText(file.Value).TrimEnd('\r', '\n'));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem(file.Path, "a file that can be read", $"'{file.Value}' ({error.Message})");
            return null;
        }
    }

    private string? Checked(string path, string key)
    {
        if (key.Length is > 0 and <= LongestKey && !key.Any(letter => letter is <= ' ' or > '~'))
            return key;
        Problem(path, $"1 to {LongestKey} printable ASCII characters without spaces", key.Length is > 0 and <= LongestKey ? "others" : $"{key.Length}");
        return null;
    }

    private int Number(IConfigurationSection section, string key, int fallback, int least, int most)
    {
        var item = section.GetSection(key);
        if (string.IsNullOrEmpty(item.Value))
            return fallback;
        if (int.TryParse(item.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Problem(item.Path, $"a whole number from {least} to {most}", $"'{item.Value}'");
        return fallback;
    }

    private void Problem(string key, string expected, string found) => Problems.Add($"{key}: expected {expected}, found {found}.");
}

/// <summary>Stops the start for settings that cannot be used.</summary>
internal sealed class RedbarkOptionsValidator : IValidateOptions<RedbarkOptions>
{
    public ValidateOptionsResult Validate(string? name, RedbarkOptions options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);
}
