using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Api.Problems;

namespace Redbark.Sync.Worker.Api.Authentication;

/// <summary>Signs in whoever presents a configured token: <c>Authorization: Bearer …</c>.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<ApiTokenOptions> configured)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = SchemeName + " ";

    private readonly List<ApiToken> _tokens = [.. configured.Value.Values.Select(token => new ApiToken(token.Key, token.Value ?? ""))];

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());

        return Task.FromResult(Find(header[Prefix.Length..].Trim()) is { } token
            ? AuthenticateResult.Success(new AuthenticationTicket(Principal(token), Scheme.Name))
            : AuthenticateResult.Fail("The token is not a configured one."));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var presented = (await HandleAuthenticateOnceSafeAsync()).Failure is not null;
        Response.Headers.WWWAuthenticate = presented ? $"{SchemeName} error=\"invalid_token\"" : SchemeName;
        await ApiProblem.Unauthorized(presented).ExecuteAsync(Context);
    }

    private ApiToken? Find(string presented)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);

        // Every token is compared, so that the time taken does not tell which one matched.
        ApiToken? match = null;
        foreach (var token in _tokens)
            match = token.Matches(hash) ? token : match;
        return match;
    }

    private static ClaimsPrincipal Principal(ApiToken token) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, token.Name)], SchemeName));
}
