namespace Redbark.Sync.Bench;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    public static string Memory => $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB of memory";
}
