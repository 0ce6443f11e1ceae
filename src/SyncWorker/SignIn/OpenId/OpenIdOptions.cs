using System.Net;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.SignIn.OpenId;

/// <summary>Signing in at an OpenID Connect provider: <c>Console:OpenIdConnect:*</c>.</summary>
internal sealed class OpenIdOptions
{
    public const string Section = "Console:OpenIdConnect";

    private const string SubjectPrefix = "sub:";

    public string? ClientId { get; private set; }

    public string? ClientSecret { get; private set; }

    public Uri? AuthorizationEndpoint { get; private set; }

    public Uri? TokenEndpoint { get; private set; }

    public Uri? UserInfoEndpoint { get; private set; }

    /// <summary>Subjects (<c>sub:…</c>, or what holds no @), and e-mail addresses that the provider has verified (what holds one).</summary>
    public List<string> Allowed { get; } = [];

    public List<string> Problems { get; } = [];

    /// <summary>Whether anything of it is configured.</summary>
    public bool IsOn { get; private set; }

    public static void Read(OpenIdOptions options, IConfiguration configuration)
    {
        options.ClientId = configuration[$"{Section}:ClientId"];
        options.ClientSecret = options.Secret(configuration[$"{Section}:ClientSecret"], configuration[$"{Section}:ClientSecretFile"]);
        options.AuthorizationEndpoint = options.Endpoint("AuthorizationEndpoint", configuration[$"{Section}:AuthorizationEndpoint"]);
        options.TokenEndpoint = options.Endpoint("TokenEndpoint", configuration[$"{Section}:TokenEndpoint"]);
        options.UserInfoEndpoint = options.Endpoint("UserInfoEndpoint", configuration[$"{Section}:UserInfoEndpoint"]);
        foreach (var allowed in configuration.GetSection($"{Section}:Allowed").GetChildren())
        {
            if (allowed.Value is not { Length: > 0 } name)
                continue;
            if (name == SubjectPrefix)
                options.Problems.Add($"{allowed.Path}: expected a subject after '{SubjectPrefix}', found nothing.");
            options.Allowed.Add(name);
        }

        options.IsOn = configuration.GetSection(Section).GetChildren().Any();
    }

    /// <summary>The subject that a name in the list is; null where it is an e-mail address.</summary>
    public static string? SubjectOf(string name) =>
        name.StartsWith(SubjectPrefix, StringComparison.Ordinal) ? name[SubjectPrefix.Length..] : name.Contains('@') ? null : name;

    /// <summary>What is missing, where anything is there.</summary>
    public IEnumerable<string> Missing()
    {
        if (string.IsNullOrEmpty(ClientId))
            yield return $"{Section}:ClientId: expected the id of this client at the provider, found nothing.";
        if (string.IsNullOrEmpty(ClientSecret))
            yield return $"{Section}:ClientSecret (or ClientSecretFile): expected the client's secret, found nothing.";
        if (Allowed.Count == 0)
            yield return $"{Section}:Allowed:0: expected a subject or an e-mail address, found nothing; without one nobody may sign in.";
        foreach (var (name, value) in new[] { (nameof(AuthorizationEndpoint), AuthorizationEndpoint), (nameof(TokenEndpoint), TokenEndpoint), (nameof(UserInfoEndpoint), UserInfoEndpoint) })
        {
            if (value is null && !Problems.Exists(problem => problem.StartsWith($"{Section}:{name}:", StringComparison.Ordinal)))
                yield return $"{Section}:{name}: expected the address that the provider's discovery document names, found nothing.";
        }
    }

    private string? Secret(string? value, string? file)
    {
        if (string.IsNullOrEmpty(file))
            return value;
        if (!string.IsNullOrEmpty(value))
            Problems.Add($"{Section}:ClientSecretFile: expected nothing beside {Section}:ClientSecret, found both.");
        else if (File.Exists(file))
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        else
            Problems.Add($"{Section}:ClientSecretFile: expected a file, found none at '{file}'.");
        return null;
    }

    private Uri? Endpoint(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IPAddress.TryParse(uri.Host, out var host) && IPAddress.IsLoopback(host))))
            return uri;
        Problems.Add($"{Section}:{name}: expected an https address (http for this machine only), found '{text}'.");
        return null;
    }
}

/// <summary>Says which key is wrong, what was found and what is expected; never the secret.</summary>
internal sealed class OpenIdOptionsValidator : IValidateOptions<OpenIdOptions>
{
    public ValidateOptionsResult Validate(string? name, OpenIdOptions options)
    {
        List<string> failures = [.. options.Problems, .. options.IsOn ? options.Missing() : []];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
