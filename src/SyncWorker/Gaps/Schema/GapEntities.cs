using Microsoft.EntityFrameworkCore;

namespace Redbark.Sync.Worker.Gaps.Schema;

/// <summary>A window in which rows may be missing.</summary>
internal sealed class Gap
{
    public long Id { get; init; }

    /// <summary>One of <see cref="GapKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Names what happened, so that it is recorded once.</summary>
    public required string Key { get; init; }

    /// <summary>The account, when it is one account's.</summary>
    public long? AccountId { get; init; }
    public string? Feed { get; init; }
    public string? RunId { get; init; }

    /// <summary>The event type whose rows may be missing; null for any.</summary>
    public string? Type { get; init; }
    public required int[] MissingChunks { get; init; }
    public DateOnly FromDay { get; init; }
    public DateOnly ToDay { get; init; }

    /// <summary>Of <see cref="GapKind.Drift"/>: bank less ledger.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Data of the bank from before this time proves nothing about it.</summary>
    public DateTimeOffset AsOf { get; init; }
    public DateTimeOffset DetectedAt { get; init; }

    /// <summary>When it was found, or opened again after it had been closed.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>One of <see cref="GapState"/>.</summary>
    public required string State { get; init; }
    public int Attempts { get; init; }

    /// <summary>Not read (again) before that.</summary>
    public DateTimeOffset? NotBefore { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public int RowsRead { get; init; }

    /// <summary>Rows that entered the ledger or changed it since it was opened.</summary>
    public int RowsApplied { get; init; }
    public string? Note { get; init; }
}

/// <summary>One account's window, read for one gap.</summary>
internal sealed class GapRead
{
    public long Id { get; init; }
    public long GapId { get; init; }
    public long ProviderAccountId { get; init; }

    /// <summary>Null while the ledger has no row of the account.</summary>
    public long? AccountId { get; init; }
    public DateOnly FromDay { get; init; }
    public DateOnly ToDay { get; init; }

    /// <summary>The days whose rows were read; the others had as many rows at the bank as in the ledger.</summary>
    public int Days { get; init; }

    /// <summary>How often the bank's rows were counted.</summary>
    public int Counts { get; init; }
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>The earliest time that the data may be from.</summary>
    public DateTimeOffset NotOlderThan { get; init; }
    public int Rows { get; init; }
    public int Applied { get; init; }

    /// <summary>How the rows entered; in the archive.</summary>
    public required Guid[] DeliveryIds { get; init; }
    public required DateOnly[] TruncatedDays { get; init; }

    /// <summary>JSON object: reason to count of rows that could not be used.</summary>
    public required string Unusable { get; init; }
}

/// <summary>What made a gap known.</summary>
internal static class GapKind
{
    public const string MissingChunk = "missing_chunk";
    public const string SilentFeed = "silent_feed";
    public const string Drift = "drift";
}

/// <summary>How far it is.</summary>
internal static class GapState
{
    /// <summary>To be read, at <see cref="Gap.NotBefore"/> or soon.</summary>
    public const string Open = "open";

    /// <summary>Being read; one that a worker left behind is open again.</summary>
    public const string Healing = "healing";

    /// <summary>Rows entered, or what was missing came by itself.</summary>
    public const string Healed = "healed";

    /// <summary>Nothing was missing that REST has.</summary>
    public const string Empty = "empty";

    /// <summary>It needs a person; it is tried again all the same, a day later.</summary>
    public const string Failed = "failed";
}

/// <summary>The tables of this part in the ledger's model.</summary>
internal static class GapModel
{
    public static void AddGaps(this ModelBuilder model)
    {
        model.Entity<Gap>().ToTable("gaps");
        model.Entity<GapRead>(read =>
        {
            read.ToTable("gap_reads");
            read.Property(row => row.Unusable).HasColumnType("jsonb");
        });
    }
}
