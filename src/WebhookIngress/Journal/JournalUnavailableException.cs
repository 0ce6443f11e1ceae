namespace Redbark.Sync.Ingress.Journal;

/// <summary>The journal did not store an entry. The entry is not in the journal.</summary>
internal sealed class JournalUnavailableException(string reason, string message, Exception? cause = null) : Exception(message, cause)
{
    public const string Full = "journal_full";
    public const string Failing = "journal_failing";
    public const string Busy = "journal_busy";
    public const string Stopping = "journal_stopping";

    /// <summary>Machine-readable: one of the constants.</summary>
    public string Reason { get; } = reason;
}
