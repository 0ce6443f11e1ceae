using System.Buffers;

namespace Redbark.Sync.Worker.Api.Problems;

/// <summary>What PostgreSQL can hold as text.</summary>
internal static class StoredText
{
    public static bool CanHold(string text)
    {
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            if (System.Text.Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done || rune.Value == 0)
                return false;
            rest = rest[length..];
        }

        return true;
    }
}
