using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>
/// Text that PostgreSQL takes: it refuses NUL and what is not Unicode. Redbark's reader leaves neither; another producer on the bus may.
/// </summary>
internal static class Text
{
    private const char Replacement = '\uFFFD';

    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\0']);

    public static bool IsDirty([NotNullWhen(true)] string? text) => text is not null && text.AsSpan().ContainsAny(Suspects) && Repair(text) != text;

    public static bool IsDirty(AccountReference account) => IsDirty(account.ExternalId) || IsDirty(account.PublicId) || IsDirty(account.Name);

    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text) => text is not null && text.AsSpan().ContainsAny(Suspects) ? Repair(text) : text;

    public static AccountReference Clean(AccountReference account) => IsDirty(account)
        ? new AccountReference(Identity(account.ExternalId), Identity(account.PublicId), Clean(account.Name))
        : account;

    /// <summary>An id stays different from every other one (invariant I9): what is replaced in it is spelled out behind it.</summary>
    [return: NotNullIfNotNull(nameof(id))]
    public static string? Identity(string? id) => IsDirty(id)
        ? $"{Repair(id)}#{string.Concat(id.Where(letter => letter is '\0' || char.IsSurrogate(letter)).Select(letter => ((int)letter).ToString("x4", CultureInfo.InvariantCulture)))}"
        : id;

    private static string Repair(string text) => string.Create(text.Length, text, static (to, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            if (char.IsHighSurrogate(from[i]) && i + 1 < from.Length && char.IsLowSurrogate(from[i + 1]))
            {
                to[i] = from[i];
                to[i + 1] = from[i + 1];
                i++;
            }
            else
            {
                to[i] = from[i] is '\0' || char.IsSurrogate(from[i]) ? Replacement : from[i];
            }
        }
    });
}
