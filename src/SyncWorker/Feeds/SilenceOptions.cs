using System.Globalization;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Feeds;

/// <summary>
/// When a feed counts as silent: <c>Silence:AtLeast</c> is the shortest quiet that does; <c>Feeds:{name}:SilenceAfter</c> says it for one feed, or <c>off</c>.
/// </summary>
internal sealed class SilenceOptions
{
    public const string AtLeastKey = "Silence:AtLeast";
    public const string Off = "off";

    /// <summary>A day and a little: most feeds speak daily.</summary>
    public TimeSpan AtLeast { get; private set; } = TimeSpan.FromHours(26);

    /// <summary>What the settings say of single feeds; null for one that is not watched.</summary>
    public Dictionary<string, TimeSpan?> Feeds { get; } = [];

    public List<string> Problems { get; } = [];

    public static void Read(SilenceOptions options, IConfiguration configuration)
    {
        if (configuration[AtLeastKey] is { } least)
            options.AtLeast = options.Span(AtLeastKey, least, "") ?? options.AtLeast;
        foreach (var feed in configuration.GetSection("Feeds").GetChildren())
        {
            if (feed["SilenceAfter"] is { } after)
                options.Feeds[feed.Key] = after.Equals(Off, StringComparison.OrdinalIgnoreCase) ? null : options.Span($"{feed.Path}:SilenceAfter", after, $"'{Off}' or ");
        }
    }

    private TimeSpan? Span(string key, string text, string or)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero)
            return span;
        Problems.Add($"{key}: expected {or}a time span such as '1.02:00:00', found '{text}'.");
        return null;
    }
}

/// <summary>Says which key is wrong, what was found and what is expected.</summary>
internal sealed class SilenceOptionsValidator : IValidateOptions<SilenceOptions>
{
    public ValidateOptionsResult Validate(string? name, SilenceOptions options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);
}
