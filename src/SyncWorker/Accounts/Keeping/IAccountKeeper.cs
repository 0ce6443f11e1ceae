namespace Redbark.Sync.Worker.Accounts.Keeping;

/// <summary>Something that follows from an account's rows and is brought up to date after they changed. Keepers run in the order in which they are registered.</summary>
internal interface IAccountKeeper
{
    /// <summary>
    /// Brings it up to date; again and again changes nothing. Several workers may ask for the same account at once, so it takes its own
    /// lock; and an account may be gone, because it was merged.
    /// </summary>
    Task KeepAsync(long accountId, CancellationToken cancellation);
}
