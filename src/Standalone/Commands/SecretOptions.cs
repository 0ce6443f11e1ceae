using System.CommandLine;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Standalone.Commands;

/// <summary>How a command is told a feed's secret: by a file, the environment, or the configuration; never as an argument, which other users of the machine can read.</summary>
internal sealed class SecretOptions
{
    public const string Variable = "REDBARK_SECRET";

    public Option<string?> Feed { get; } = new("--feed") { Description = "The feed; may be left out where only one is configured." };

    public Option<FileInfo?> SecretFile { get; } = new("--secret-file") { Description = $"A file that holds the secret. Else the variable {Variable}, else the feed's configured secrets." };

    public void AddTo(Command command)
    {
        command.Add(Feed);
        command.Add(SecretFile);
    }

    /// <exception cref="UsageException">No secret, or no feed, can be told from what is given.</exception>
    public (string Feed, IReadOnlyList<SigningSecret> Secrets) Read(ParseResult given, IConfiguration configuration)
    {
        var feeds = configuration.GetSection("Feeds").GetChildren().ToList();
        var name = given.GetValue(Feed) ?? (feeds.Count == 1 ? feeds[0].Key : null);

        if (given.GetValue(SecretFile) is { } file)
            return (name ?? "redbark", [FromFile("--secret-file", file.FullName)]);
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text)
            return (name ?? "redbark", [SigningSecret.FromText(Variable, text)]);
        if (name is null)
            throw new UsageException(feeds.Count == 0
                ? $"No secret: give --secret-file, set {Variable}, or configure Feeds:redbark:Secrets:0."
                : $"Several feeds are configured ({string.Join(", ", feeds.Select(feed => feed.Key))}): choose one with --feed.");

        var section = configuration.GetSection($"Feeds:{name}");
        List<SigningSecret> secrets =
        [
            .. section.GetSection("Secrets").GetChildren().Select(secret => SigningSecret.FromText($"Secrets:{secret.Key}", secret.Value ?? "")),
            .. section.GetSection("SecretFiles").GetChildren().Select(secret => FromFile($"SecretFiles:{secret.Key}", secret.Value ?? "")),
        ];
        return secrets.Count > 0 ? (name, secrets) : throw new UsageException($"The feed '{name}' has no secret: configure Feeds:{name}:Secrets:0.");
    }

    private static SigningSecret FromFile(string name, string path) =>
        File.Exists(path)
            ? SigningSecret.FromFileContent(name, File.ReadAllBytes(path))
            : throw new UsageException($"{name}: there is no file {path}.");
}
