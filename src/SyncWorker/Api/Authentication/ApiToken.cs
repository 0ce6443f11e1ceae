using System.Security.Cryptography;
using System.Text;

namespace Redbark.Sync.Worker.Api.Authentication;

/// <summary>A configured token: its key and its hash. The token itself is not kept.</summary>
internal sealed class ApiToken(string name, string value)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(value));

    /// <summary>The configuration key that it came from, such as <c>Api:Tokens:0</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Takes the same time for every token that is presented.</summary>
    public bool Matches(ReadOnlySpan<byte> sha256OfPresented) => CryptographicOperations.FixedTimeEquals(_hash, sha256OfPresented);
}
