using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Console.Settings;

/// <summary>The feeds' signing secrets, where this process has them: in the distributed shape only the ingress does.</summary>
internal static class FeedSecrets
{
    public static IReadOnlyList<SigningSecret> Read(IConfiguration configuration)
    {
        var secrets = new List<SigningSecret>();
        foreach (var feed in configuration.GetSection("Feeds").GetChildren())
        {
            foreach (var secret in feed.GetSection("Secrets").GetChildren())
            {
                if (secret.Value is { Length: > 0 and <= SigningSecret.MaximumLength } text)
                    secrets.Add(SigningSecret.FromText(secret.Path, text));
            }

            foreach (var file in feed.GetSection("SecretFiles").GetChildren().Where(file => File.Exists(file.Value)))
                secrets.Add(SigningSecret.FromFileContent(file.Path, File.ReadAllBytes(file.Value!)));
        }

        return secrets;
    }
}
