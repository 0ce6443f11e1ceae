using System.Text;

namespace Redbark.Sync.Wire;

/// <summary>A webhook secret and the name it goes by in logs and metrics. The key itself is never shown.</summary>
public sealed class SigningSecret
{
    /// <summary>The most characters a secret may have (spec 1.2).</summary>
    public const int MaximumLength = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> key;

    /// <summary>Takes the key as it is.</summary>
    /// <param name="name">Such as <c>Secrets:0</c>.</param>
    /// <param name="key">The bytes of the secret's text.</param>
    /// <exception cref="ArgumentException">The key is empty or longer than <see cref="MaximumLength"/> characters.</exception>
    public SigningSecret(string name, ReadOnlyMemory<byte> key)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var length = Encoding.UTF8.GetCharCount(key.Span);
        if (length is 0 or > MaximumLength)
            throw new ArgumentException($"The secret {name} has {length} characters; a secret has 1 to {MaximumLength}.", nameof(key));

        Name = name;
        this.key = key;
    }

    /// <summary>Such as <c>Secrets:0</c>.</summary>
    public string Name { get; }

    internal ReadOnlySpan<byte> Key => key.Span;

    /// <summary>A secret from text, exactly as shown in the dashboard: nothing is trimmed or decoded (spec 1.2).</summary>
    /// <exception cref="ArgumentException">The text is empty, longer than <see cref="MaximumLength"/> characters or not valid Unicode.</exception>
    public static SigningSecret FromText(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new SigningSecret(name, StrictUtf8.GetBytes(text));
    }

    /// <summary>A secret from a file's content: one trailing line end is not part of it, everything else is (spec 1.2).</summary>
    /// <exception cref="ArgumentException">Nothing is left, or more than <see cref="MaximumLength"/> characters.</exception>
    public static SigningSecret FromFileContent(string name, ReadOnlySpan<byte> content)
    {
        var lineEnd = content.EndsWith("\r\n"u8) ? 2 : content.EndsWith("\n"u8) ? 1 : 0;
        return new SigningSecret(name, content[..^lineEnd].ToArray());
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
