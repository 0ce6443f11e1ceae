using System.Buffers.Text;
using System.Text;

namespace Redbark.Sync.Bench.Load;

/// <summary>Just enough of HTTP to know when an answer has come whole.</summary>
internal static class HttpAnswer
{
    /// <exception cref="InvalidOperationException">The status is not 200.</exception>
    public static bool IsComplete(ReadOnlySpan<byte> received)
    {
        var head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;
        if (!received.StartsWith("HTTP/1.1 200"u8))
            throw new InvalidOperationException($"The server answered: {Encoding.ASCII.GetString(received[..Math.Min(received.Length, 400)])}");

        var body = received[(head + 4)..];
        var name = "Content-Length: "u8;
        var length = received[..head].IndexOf(name);
        if (length >= 0)
            return Utf8Parser.TryParse(received[(length + name.Length)..], out int expected, out _) && body.Length >= expected;
        return body.EndsWith("0\r\n\r\n"u8);
    }
}
