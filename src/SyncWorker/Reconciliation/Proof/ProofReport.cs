namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>Whether an account is proved.</summary>
internal enum ProofStatus
{
    /// <summary>Opening and rows are what the bank says, to the smallest unit.</summary>
    Proved,

    /// <summary>They differ, or agree only if the bank did not book in order, but not for longer than rows and balances may take to meet.</summary>
    Settling,

    /// <summary>They differ, and waiting has not helped.</summary>
    Drift,

    /// <summary>There is nothing to compare.</summary>
    Unknown,
}

/// <summary>Why ledger and bank differ.</summary>
internal enum DriftCause
{
    /// <summary>The bank's figure holds rows that the ledger knows as pending only.</summary>
    NotYetPosted,

    /// <summary>Rows of a window of days are missing in the ledger.</summary>
    MissingRows,

    /// <summary>The ledger holds rows twice, under different ids.</summary>
    Duplicate,

    /// <summary>A card hold was sent as posted, which the bank does not count.</summary>
    HoldAsPosted,

    /// <summary>The bank's figure stands still, or could not be read anew, while rows went on.</summary>
    StaleBalance,

    /// <summary>The bank gives no figure.</summary>
    NullBalance,

    /// <summary>Only one figure was read, so nothing says what the account held before its first row.</summary>
    UnknownOpening,

    /// <summary>The opening in the settings fits none of the figures, another would fit all.</summary>
    OpeningDiffers,

    /// <summary>The bank's figure has the opposite sign.</summary>
    SignConvention,

    /// <summary>No provider shows this account.</summary>
    NoBalance,

    /// <summary>Rows came later than the figure, or the figure is older than it looks; time will tell.</summary>
    Crossing,
}

/// <summary>One difference and what explains it.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Amount">By how much: bank less ledger.</param>
/// <param name="From">The last moment at which they still agreed; null when they never did.</param>
/// <param name="To">The first figure that differs.</param>
/// <param name="Since">The day since which they differ, as well as it is known.</param>
/// <param name="Rows">The ledger's ids of the rows that explain it.</param>
/// <param name="Evidence">What was seen, for people.</param>
internal sealed record DriftFinding(
    DriftCause Cause, decimal Amount, DateTimeOffset? From, DateTimeOffset? To, DateOnly? Since, IReadOnlyList<long> Rows, string Evidence);

/// <summary>The outcome of a proof.</summary>
internal sealed record ProofReport
{
    public required ProofStatus Status { get; init; }

    /// <summary>Opening and rows at the newest figure; null when there is none.</summary>
    public decimal? Expected { get; init; }

    /// <summary>The newest figure.</summary>
    public decimal? Actual { get; init; }

    /// <summary>Actual less expected.</summary>
    public decimal? Drift => Actual - Expected;

    /// <summary>What the account held before its first row.</summary>
    public decimal? Opening { get; init; }

    /// <summary>The newest figure that agrees.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>The newest figure.</summary>
    public DateTimeOffset? ObservedAt { get; init; }

    /// <summary>What explains the difference, the oldest first; of <see cref="ProofStatus.Unknown"/> what is missing.</summary>
    public IReadOnlyList<DriftFinding> Findings { get; init; } = [];
}
