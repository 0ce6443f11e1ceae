namespace Redbark.Sync.Wire;

/// <summary>What identifies something must fit an index of the ledger.</summary>
internal static class RowLimits
{
    public const int LongestId = 512;
}
