using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>
/// A link that signs in once, for whoever sees this machine's terminal. It holds for a short time, in this process, and only for requests
/// from this machine that no proxy passed on.
/// </summary>
public sealed class SignInLink(TimeProvider clock)
{
    /// <summary>Where it leads.</summary>
    public const string Path = "/sign-in/link";

    /// <summary>How long it holds.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private byte[]? _hash;
    private DateTimeOffset _until;

    /// <summary>Makes a link's path and query; one made before does not work any more.</summary>
    public string Make()
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        lock (_gate)
        {
            _hash = Hash(token);
            _until = clock.GetUtcNow() + Lifetime;
        }

        return $"{Path}?token={token}";
    }

    /// <summary>Whether the token is that of the link; if so it does not work again.</summary>
    internal bool TryUse(string? token)
    {
        lock (_gate)
        {
            if (token is null || _hash is null || clock.GetUtcNow() >= _until || !CryptographicOperations.FixedTimeEquals(_hash, Hash(token)))
                return false;
            _hash = null;
            return true;
        }
    }

    internal static bool IsFromThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("X-Original-For")
        && !context.Request.Headers.ContainsKey("Forwarded");

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
