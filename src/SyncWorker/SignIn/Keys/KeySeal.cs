using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Api.Authentication;
using Redbark.Sync.Worker.SignIn.OpenId;

namespace Redbark.Sync.Worker.SignIn.Keys;

/// <summary>
/// Encrypts the keys of sessions with a key that follows from the settings (HKDF-SHA256, AES-256-GCM), so that neither the database nor its
/// backup lets anybody make a session. With another password they cannot be read any more, and new ones are made.
/// </summary>
internal sealed class KeySeal(IOptions<ConsoleOptions> console, IOptions<OpenIdOptions> openId, IOptions<ApiTokenOptions> tokens)
{
    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;
    private static readonly byte[] Purpose = Encoding.UTF8.GetBytes("redbark-sync session keys");

    private readonly string? _secret = console.Value.PasswordHash ?? openId.Value.ClientSecret
        ?? tokens.Value.Values.OrderBy(token => token.Key, StringComparer.Ordinal).FirstOrDefault().Value;

    /// <summary>Whether the settings hold anything to encrypt with. Without it nobody can sign in either.</summary>
    public bool CanSeal => _secret is not null;

    public byte[] Seal(byte[] text)
    {
        var content = new byte[NonceLength + TagLength + text.Length];
        RandomNumberGenerator.Fill(content.AsSpan(0, NonceLength));
        using var cipher = Cipher();
        cipher.Encrypt(content.AsSpan(0, NonceLength), text, content.AsSpan(NonceLength + TagLength), content.AsSpan(NonceLength, TagLength));
        return content;
    }

    /// <exception cref="CryptographicException">It was sealed under other settings.</exception>
    public byte[] Open(byte[] content)
    {
        if (content.Length < NonceLength + TagLength)
            throw new CryptographicException("A sealed key is too short.");
        var text = new byte[content.Length - NonceLength - TagLength];
        using var cipher = Cipher();
        cipher.Decrypt(content.AsSpan(0, NonceLength), content.AsSpan(NonceLength + TagLength), content.AsSpan(NonceLength, TagLength), text);
        return text;
    }

    private AesGcm Cipher() => _secret is null
        ? throw new CryptographicException("The settings hold no secret.")
        : new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(_secret), outputLength: 32, info: Purpose), TagLength);
}
