namespace Redbark.Sync.Standalone.Commands;

/// <summary>The command cannot be carried out as given; the message says what to give.</summary>
internal sealed class UsageException(string message) : Exception(message);
