using System.Text;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>
/// Narration reduced to the payee. Banks rewrite it at settlement and mask numbers in it (spec 7.5, 8.3, 8.7): <c>AUTHORISATION</c> by
/// <c>Woolworths</c> becomes <c>VISA-WOOLWORTHS  xx4821</c>, <c>NIB - 64699390</c> becomes <c>NIB - xxxx9390</c>.
/// </summary>
internal static class PayeeText
{
    // Words that say how something was paid, not to whom. Text of nothing else is no evidence.
    private static readonly HashSet<string> Means = new(StringComparer.Ordinal)
    {
        "authorisation", "authorization", "auth", "pending", "hold", "visa", "mastercard", "mc", "amex", "eftpos", "pos", "card", "debit", "credit", "purchase",
        "payment", "transaction", "paypass", "paywave", "contactless",
    };

    /// <summary>Null when nothing is left that could name somebody.</summary>
    public static string? Payee(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var words = Words(text);
        var first = words.FindIndex(word => !Means.Contains(word));
        if (first < 0)
            return null;
        // "… CARD xx4821": the number is gone, and the word before it says nothing any more.
        var last = words[^1] == "card" ? words.Count - 1 : words.Count;
        var payee = string.Join(' ', words[first..last]);
        return payee.Length < 2 ? null : payee;
    }

    /// <summary>Case and spaces evened out.</summary>
    public static string Even(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter) || char.IsSurrogate(letter) || letter is '\'' or '’')
                word.Append(char.ToLowerInvariant(letter));
            else
                End();
        }

        End();
        return words;

        void End()
        {
            if (Unnumbered(word.ToString()) is { Length: > 0 } left)
                words.Add(left);
            word.Clear();
        }
    }

    /// <summary>Without its digits, and without the x that stand for digits: runs of them beside a digit, or a word of nothing else.</summary>
    private static string Unnumbered(string word)
    {
        if (!word.Any(char.IsAsciiDigit))
            return word.Length > 1 && word.All(letter => letter == 'x') ? "" : word;

        var left = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length;)
        {
            var end = i;
            while (end < word.Length && (word[end] == 'x' || char.IsAsciiDigit(word[end])))
                end++;
            if (end == i)
                left.Append(word[i++]);
            else if (!word.AsSpan(i, end - i).ContainsAnyInRange('0', '9'))
                left.Append(word, i, end - i);
            i = Math.Max(i, end);
        }

        return left.ToString();
    }
}
