using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>The ledger, as the consumers see it.</summary>
internal interface ILedger
{
    /// <summary>
    /// Archives a delivery and applies its rows, in one database transaction. Applying the same delivery again changes nothing and
    /// says what came of it the first time.
    /// </summary>
    /// <exception cref="Npgsql.NpgsqlException">The database is away, or refused; nothing was written.</exception>
    Task<ApplyOutcome> ApplyAsync(IDelivered message, CancellationToken cancellation);

    /// <summary>Archives a delivery that could not be applied, with the error, for people to look at and to replay.</summary>
    Task<ApplyOutcome> ParkAsync(Delivery delivery, string error, CancellationToken cancellation);
}

/// <summary>What came of a delivery. The counts add up to <see cref="Rows"/>.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="Status">One of <see cref="DeliveryStatus"/>.</param>
/// <param name="Rows">The rows in its body.</param>
/// <param name="Applied">New to the ledger, or changed it.</param>
/// <param name="Unchanged">Said what the ledger knew.</param>
/// <param name="Quarantined">Could not be used.</param>
/// <param name="Ignored">Not needed; the archive says why.</param>
/// <param name="DuplicateOf">The earlier delivery of the same event with the same bytes.</param>
/// <param name="ConflictsWith">An earlier delivery of the same event with other bytes.</param>
public sealed record ApplyOutcome(
    Guid DeliveryId, string Status, int Rows, int Applied, int Unchanged, int Quarantined, int Ignored, Guid? DuplicateOf, Guid? ConflictsWith);

/// <summary>What became of a delivery.</summary>
public static class DeliveryStatus
{
    /// <summary>Its rows are dealt with.</summary>
    public const string Applied = "applied";

    /// <summary>The same event with the same bytes came before.</summary>
    public const string Duplicate = "duplicate";

    /// <summary>Its body is not an envelope.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Its type is not known.</summary>
    public const string Unrecognised = "unrecognised";

    /// <summary>Applying it failed in a way that does not pass by itself; it can be replayed.</summary>
    public const string Parked = "parked";
}

/// <summary>Why a row was ignored.</summary>
internal static class IgnoredReason
{
    /// <summary>The ledger holds a newer observation of the row.</summary>
    public const string Stale = "stale";

    /// <summary>The same delivery holds another version of the row, which wins.</summary>
    public const string Superseded = "superseded";

    /// <summary>The same bad row is in quarantine already, or was dropped from it.</summary>
    public const string AlreadyQuarantined = "already_quarantined";

    /// <summary>The row could not be used, and stands in a delivery that came before.</summary>
    public const string DuplicateDelivery = "duplicate_delivery";

    /// <summary>Somebody dropped the row from quarantine.</summary>
    public const string Dropped = "dropped";
}
