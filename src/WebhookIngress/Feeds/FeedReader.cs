using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Feeds;

/// <summary>Reads the <c>Feeds</c> section and the files it names, and says everything that is wrong with them.</summary>
internal sealed partial class FeedReader
{
    public const string Section = "Feeds";

    private const int MaxFileBytes = 4 * SigningSecret.MaximumLength + 2;

    private readonly List<string> _problems = [];
    private readonly IncrementalHash _fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private FeedReader()
    {
    }

    /// <returns>The feeds, or null with what is wrong: the key, what was found, what is expected.</returns>
    public static (FeedSet? Feeds, IReadOnlyList<string> Problems) Read(IConfiguration configuration)
    {
        var reader = new FeedReader();
        using (reader._fingerprint)
        {
            var feeds = configuration.GetSection(Section).GetChildren().Select(reader.ReadFeed).ToList();
            if (feeds.Count == 0)
            {
                reader._problems.Add($"{Section}: expected at least one feed with a secret, found none. "
                    + $"Set {Section}:<name>:Secrets:0 (in the environment {Section}__<name>__Secrets__0) to the secret of the webhook in Redbark.");
            }

            return reader._problems.Count > 0
                ? (null, reader._problems)
                : (new FeedSet(
                    feeds.ToFrozenDictionary(feed => feed.Name, StringComparer.Ordinal),
                    Convert.ToHexString(reader._fingerprint.GetHashAndReset())), []);
        }
    }

    private Feed ReadFeed(IConfigurationSection section)
    {
        Note(section.Key);
        if (!FeedName().IsMatch(section.Key))
            Problem(section.Path, "a name of 1 to 64 characters a-z, 0-9, - and _", $"'{section.Key}'");

        foreach (var child in section.GetChildren().Where(child => child.Key.ToUpperInvariant() is not ("SECRETS" or "SECRETFILES" or "TIMEZONE" or "SILENCEAFTER")))
            Problem(child.Path, "Secrets, SecretFiles, TimeZone or SilenceAfter", $"'{child.Key}'");

        var before = _problems.Count;
        var secrets = ReadList(section.GetSection("Secrets"), ReadSecret)
            .Concat(ReadList(section.GetSection("SecretFiles"), ReadSecretFile))
            .ToList();
        if (secrets.Count == 0 && _problems.Count == before)
            Problem(section.Path, "at least one secret (Secrets:0 or SecretFiles:0)", "none");

        return new Feed(section.Key, ReadTimeZone(section.GetSection("TimeZone")), secrets);
    }

    private List<SigningSecret> ReadList(IConfigurationSection list, Func<IConfigurationSection, SigningSecret?> read)
    {
        if (!string.IsNullOrEmpty(list.Value))
            Problem(list.Path, $"a list ({list.Path}:0, {list.Path}:1, …)", "a single value");
        return list.GetChildren().Select(read).OfType<SigningSecret>().ToList();
    }

    private SigningSecret? ReadSecret(IConfigurationSection item)
    {
        var text = item.Value ?? "";
        try
        {
            Note(text);
            return SigningSecret.FromText($"Secrets:{item.Key}", text);
        }
        catch (ArgumentException)
        {
            Problem(item.Path, SecretExpected, text.Length is 0 or > SigningSecret.MaximumLength ? $"{text.Length} characters" : "text that is not valid Unicode");
            return null;
        }
    }

    private SigningSecret? ReadSecretFile(IConfigurationSection item)
    {
        var path = item.Value ?? "";
        try
        {
            if (path.Length == 0)
                throw new IOException("the path is empty");
            using var file = File.OpenRead(path);
            var content = new byte[MaxFileBytes + 1];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            _fingerprint.AppendData(content.AsSpan(0, length));
            return SigningSecret.FromFileContent($"SecretFiles:{item.Key}", content.AsSpan(0, length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem(item.Path, "a file that can be read", $"'{path}' ({e.Message})");
        }
        catch (ArgumentException)
        {
            Problem(item.Path, $"a file with {SecretExpected}", $"'{path}', which is empty or longer");
        }

        return null;
    }

    private string ReadTimeZone(IConfigurationSection item)
    {
        var name = string.IsNullOrEmpty(item.Value) ? Feed.DefaultTimeZone : item.Value;
        Note(name);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) || !zone.HasIanaId)
            Problem(item.Path, $"an IANA time zone such as {Feed.DefaultTimeZone}", $"'{name}'");
        return name;
    }

    private static readonly string SecretExpected =
        string.Create(CultureInfo.InvariantCulture, $"a secret of 1 to {SigningSecret.MaximumLength} characters");

    private void Problem(string key, string expected, string found) => _problems.Add($"{key}: expected {expected}, found {found}.");

    private void Note(string text)
    {
        _fingerprint.AppendData(Encoding.UTF8.GetBytes(text));
        _fingerprint.AppendData([0]);
    }

    [GeneratedRegex("^[a-z0-9_-]{1,64}$")]
    private static partial Regex FeedName();
}
