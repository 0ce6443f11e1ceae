using System.Security.Cryptography;
using System.Text;

namespace Redbark.Sync.Worker.Balances.Store;

/// <summary>
/// Encrypts refresh tokens with a key that follows from the configured one, so that the database alone reveals none, and a changed
/// setting makes what is stored unreadable, which is how a new consent starts anew. AES-256-GCM; the key by HKDF-SHA256.
/// </summary>
internal static class TokenSeal
{
    private const byte Version = 1;

    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    public static byte[] Seal(string token, string configured, string provider, string connection)
    {
        var text = Encoding.UTF8.GetBytes(token);
        var sealedToken = new byte[1 + NonceLength + TagLength + text.Length];
        sealedToken[0] = Version;
        var nonce = sealedToken.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher(configured, provider, connection);
        cipher.Encrypt(nonce, text, sealedToken.AsSpan(1 + NonceLength + TagLength), sealedToken.AsSpan(1 + NonceLength, TagLength));
        return sealedToken;
    }

    /// <returns>Null when it was sealed under another configured token.</returns>
    public static string? Open(byte[] sealedToken, string configured, string provider, string connection)
    {
        if (sealedToken.Length < 1 + NonceLength + TagLength || sealedToken[0] != Version)
            return null;

        var text = new byte[sealedToken.Length - 1 - NonceLength - TagLength];
        using var cipher = Cipher(configured, provider, connection);
        try
        {
            cipher.Decrypt(sealedToken.AsSpan(1, NonceLength), sealedToken.AsSpan(1 + NonceLength + TagLength), sealedToken.AsSpan(1 + NonceLength, TagLength), text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(text);
    }

    private static AesGcm Cipher(string configured, string provider, string connection)
    {
        var purpose = Encoding.UTF8.GetBytes($"redbark-sync refresh token\0{provider}\0{connection}");
        return new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(configured), outputLength: 32, info: purpose), TagLength);
    }
}
