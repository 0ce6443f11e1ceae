using Microsoft.EntityFrameworkCore;

namespace Redbark.Sync.Worker.Operations;

/// <summary>Long work that somebody asked for: a row of <c>ledger.operations</c>.</summary>
internal sealed class Operation
{
    public long Id { get; init; }

    /// <summary>One of <see cref="OperationKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>JSON object: what was asked for, of the kind's own shape.</summary>
    public required string Request { get; init; }

    /// <summary>One of <see cref="OperationState"/>.</summary>
    public required string State { get; init; }
    public DateTimeOffset RequestedAt { get; init; }
    public string? RequestedBy { get; init; }

    /// <summary>When somebody asked that it end; a worker ends it at the next step.</summary>
    public DateTimeOffset? CancelledAt { get; init; }
    public string? CancelledBy { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? ProgressedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Not gone on with before that.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Who has it, or had it last.</summary>
    public string? Worker { get; init; }

    /// <summary>Names the claim of the worker that runs it.</summary>
    public Guid? Lease { get; init; }
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>How often a worker took it.</summary>
    public int Claims { get; init; }

    /// <summary>Where it goes on, as its kind wrote it.</summary>
    public string? Cursor { get; init; }

    /// <summary>Null until it was counted.</summary>
    public long? Total { get; init; }
    public long Done { get; init; }

    /// <summary>JSON object: outcome to count.</summary>
    public required string Counts { get; init; }

    /// <summary>What it is at, or waits for.</summary>
    public string? Doing { get; init; }
    public string? Error { get; init; }
}

/// <summary>What can be asked for.</summary>
internal static class OperationKind
{
    public const string Replay = "replay";
    public const string Backfill = "backfill";
}

/// <summary>How far it is.</summary>
internal static class OperationState
{
    /// <summary>Waits for a worker, or for <see cref="Operation.NotBefore"/>.</summary>
    public const string Queued = "queued";
    public const string Running = "running";
    public const string Done = "done";

    /// <summary>It ended early, or some of it could not be done.</summary>
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}

/// <summary>The table of this part in the ledger's model.</summary>
internal static class OperationModel
{
    public static void AddOperations(this ModelBuilder model) => model.Entity<Operation>(operation =>
    {
        operation.ToTable("operations");
        operation.Property(row => row.Request).HasColumnType("jsonb");
        operation.Property(row => row.Counts).HasColumnType("jsonb");
    });
}
