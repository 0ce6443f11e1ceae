namespace Redbark.Sync.Standalone.Database;

/// <summary>The <c>Postgres</c> section.</summary>
internal sealed class PostgresOptions
{
    /// <summary>Where <c>postgres</c> and <c>initdb</c> are, or null to look for the newest version on the machine.</summary>
    public string? BinDirectory { get; init; }

    /// <summary>Server settings by name, over the private server's own.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];
}
