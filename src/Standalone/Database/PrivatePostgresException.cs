namespace Redbark.Sync.Standalone.Database;

/// <summary>The private database cannot be had; the message says what was found and what to do.</summary>
internal sealed class PrivatePostgresException(string message) : Exception(message);
