using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>Names that other providers have for what the bank holds: always the same for the same thing.</summary>
internal static class Derived
{
    private const string Base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>A UUID of version 4.</summary>
    public static string Uuid(string kind, string of)
    {
        var bytes = Hash(kind, of)[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>Letters and digits that are hard to mistake, as in the ids of Token.io.</summary>
    public static string Letters(string kind, string of, int length)
    {
        var number = new BigInteger(Hash(kind, of), isUnsigned: true) << 64;
        var letters = new char[length];
        for (var i = 0; i < length; i++)
        {
            letters[i] = Base58[(int)(number % Base58.Length)];
            number /= Base58.Length;
        }

        return new string(letters);
    }

    /// <summary>Decimal digits.</summary>
    public static string Digits(string kind, string of, int length) =>
        string.Concat(Hash(kind, of).Take(length).Select(value => (char)('0' + (value % 10))));

    /// <summary>A British IBAN with its check digits.</summary>
    /// <param name="bank">Four letters.</param>
    /// <param name="digits">Sort code and account number, 14 digits.</param>
    public static string Iban(string bank, string digits)
    {
        var number = string.Concat((bank + digits + "GB00").Select(c => char.IsAsciiDigit(c) ? c.ToString() : (c - 'A' + 10).ToString()));
        return $"GB{98 - (int)(BigInteger.Parse(number) % 97):00}{bank}{digits}";
    }

    private static byte[] Hash(string kind, string of) => SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}|{of}"));
}
