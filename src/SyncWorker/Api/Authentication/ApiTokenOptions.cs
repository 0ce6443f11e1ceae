using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Api.Authentication;

/// <summary>Who may use the API: <c>Api:Tokens:{n}</c>, several so that one can be replaced without a gap.</summary>
internal sealed class ApiTokenOptions
{
    public const string Key = "Api:Tokens";
    public const int ShortestToken = 32;

    /// <summary>Configuration key and value of each.</summary>
    public Dictionary<string, string?> Values { get; } = [];

    public static void Read(ApiTokenOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection(Key);
        if (section.Value is not null)
            options.Values[Key] = null;
        foreach (var token in section.GetChildren())
            options.Values[token.Path] = token.Value;
    }
}

/// <summary>Says which key is wrong, what was found and what is expected; never a token.</summary>
internal sealed class ApiTokenOptionsValidator : IValidateOptions<ApiTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiTokenOptions options)
    {
        var failures = options.Values.Select(token => Problem(token.Key, token.Value)).OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static string? Problem(string key, string? value) => value switch
    {
        null when key == ApiTokenOptions.Key => $"{key}: expected a list ({key}:0, {key}:1, …), found a single value.",
        null => $"{key}: expected a token of {ApiTokenOptions.ShortestToken} or more characters, found nothing.",
        { Length: < ApiTokenOptions.ShortestToken } => $"{key}: expected a token of {ApiTokenOptions.ShortestToken} or more characters, found {value.Length}.",
        _ when value.Any(letter => letter is <= ' ' or > '~') => $"{key}: expected printable ASCII without spaces, found other characters.",
        _ => null,
    };
}
