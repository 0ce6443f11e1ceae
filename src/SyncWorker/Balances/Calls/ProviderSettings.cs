using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Balances.Calls;

/// <summary>Options that were read together with what is wrong with them: the key, what was found, what is expected; never a secret.</summary>
internal abstract class ProviderOptions
{
    public List<string> Problems { get; } = [];
}

/// <summary>Refuses options that were read with problems.</summary>
internal sealed class ProviderOptionsValidator<T> : IValidateOptions<T>
    where T : ProviderOptions
{
    public ValidateOptionsResult Validate(string? name, T options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);
}

/// <summary>Reads one section of the configuration, and notes everything that is wrong with it.</summary>
internal sealed partial class ProviderSettings(IConfigurationSection section, List<string> problems)
{
    private const int LongestSecret = 16 * 1024;

    private static readonly string[] Moments = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];

    public string PathOf(string key) => $"{section.Path}:{key}";

    public string? Text(string key) => section[key]?.Trim() is { Length: > 0 } text ? text : null;

    public void Problem(string key, string expected, string found) => problems.Add($"{PathOf(key)}: expected {expected}, found {found}.");

    /// <summary>Complains of keys that nobody reads, such as misspelt ones.</summary>
    public void Only(params string[] keys)
    {
        foreach (var child in section.GetChildren().Where(child => !keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            Problem(child.Key, $"one of {string.Join(", ", keys)}", $"'{child.Key}'");
    }

    /// <summary>An https address, or an http one of this machine, where keys cannot be overheard.</summary>
    public Uri Url(string key, string otherwise)
    {
        var text = Text(key) ?? otherwise;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            return url;
        Problem(key, "an https address such as " + otherwise + " (http only for this machine)", $"'{text}'");
        return new Uri(otherwise);
    }

    /// <summary>A secret, either here or in the file that <c>{key}File</c> names; printable ASCII, since it goes into a header or a form.</summary>
    public string? Secret(string key)
    {
        var fileKey = key + "File";
        var (here, file) = (Text(key), Text(fileKey));
        if (here is not null && file is not null)
            Problem(key, $"a value either here or in {PathOf(fileKey)}", "both");
        var (foundAt, secret) = here is not null ? (key, here) : (fileKey, file is null ? null : File(fileKey)?.Trim());
        if (secret is null)
            return null;
        if (secret.Length > 0 && secret.All(letter => letter is > ' ' and <= '~'))
            return secret;
        Problem(foundAt, "printable ASCII without spaces", secret.Length == 0 ? "nothing" : "other characters");
        return null;
    }

    /// <summary>The text of the file that a key names; null with a problem when it cannot be read.</summary>
    public string? File(string key)
    {
        var path = Text(key);
        if (path is null)
            return null;
        try
        {
            using var file = System.IO.File.OpenText(path);
            var content = new char[LongestSecret + 1];
            var length = file.ReadBlock(content);
            if (length <= LongestSecret)
                return new string(content, 0, length);
            Problem(key, $"a file of at most {LongestSecret} characters", $"'{path}', which is longer");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Problem(key, "a file that can be read", $"'{path}' ({error.Message})");
        }

        return null;
    }

    public int Number(string key, int otherwise, int least, int most)
    {
        if (Text(key) is not { } text)
            return otherwise;
        if (int.TryParse(text, out var number) && number >= least && number <= most)
            return number;
        Problem(key, $"a number from {least} to {most}", $"'{text}'");
        return otherwise;
    }

    /// <summary>A day, which is its first moment in UTC, or an instant.</summary>
    public DateTimeOffset? Moment(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment))
            return moment;
        Problem(key, "a day such as '2027-01-31', or an instant such as '2027-01-31T12:00:00Z'", $"'{text}'");
        return null;
    }

    /// <summary>One reader for each consent of <c>Consents</c>.</summary>
    public IEnumerable<(string Name, ProviderSettings Settings)> Consents()
    {
        foreach (var child in section.GetSection("Consents").GetChildren())
        {
            if (!ConsentName().IsMatch(child.Key))
                Problem($"Consents:{child.Key}", "a name of 1 to 64 characters a-z, 0-9, - and _", $"'{child.Key}'");
            yield return (child.Key, new ProviderSettings(child, problems));
        }
    }

    [GeneratedRegex("^[a-z0-9_-]{1,64}$")]
    private static partial Regex ConsentName();
}
