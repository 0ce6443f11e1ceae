namespace Redbark.Sync.Worker.Audit;

/// <summary>A row of <c>ledger.audit</c>: what somebody did, or tried to.</summary>
internal sealed class AuditEntry
{
    public DateTimeOffset At { get; init; }

    /// <summary>A version 7 UUID.</summary>
    public Guid Id { get; init; }

    /// <summary>The person, or the key of the token; null for who did not sign in.</summary>
    public string? Actor { get; init; }

    /// <summary>One of <see cref="AuditAction"/>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to: the id in the address, as it was given.</summary>
    public string? Subject { get; init; }

    /// <summary>The address that the request came from.</summary>
    public string? Origin { get; init; }

    /// <summary>One of <see cref="AuditOutcome"/>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it was refused, machine-readable.</summary>
    public string? Reason { get; init; }
}

/// <summary>What is written down.</summary>
internal static class AuditAction
{
    public const string SignIn = "sign_in";
    public const string SignOut = "sign_out";
    public const string ReplayDelivery = "delivery.replay";
    public const string RetryQuarantine = "quarantine.retry";
    public const string DropQuarantine = "quarantine.drop";
    public const string EditQuarantine = "quarantine.edit";
    public const string UndoQuarantine = "quarantine.undo";
    public const string AcceptSuggestion = "suggestion.accept";
    public const string RejectSuggestion = "suggestion.reject";
    public const string ReopenSuggestion = "suggestion.reopen";
    public const string LinkTransactions = "transaction.link";
    public const string UnlinkTransactions = "transaction.unlink";
    public const string RunJob = "job.run";
    public const string RetryGap = "gap.retry";
    public const string StartReplay = "operation.replay";
    public const string StartBackfill = "operation.backfill";
    public const string CancelOperation = "operation.cancel";
    public const string Hangfire = "hangfire";
}

/// <summary>How it ended.</summary>
internal static class AuditOutcome
{
    public const string Done = "done";
    public const string Refused = "refused";
    public const string Failed = "failed";
}
