namespace Redbark.Sync.Standalone.Commands;

/// <summary>What the command line returns to the shell.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and what was checked holds.</summary>
    public const int Ok = 0;

    /// <summary>The answer is no: books differ, a signature does not match, a delivery was refused, a check failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; nothing was done.</summary>
    public const int Misused = 2;

    /// <summary>The process that was to be asked does not answer.</summary>
    public const int Unreachable = 3;
}
