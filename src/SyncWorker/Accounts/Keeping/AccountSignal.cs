namespace Redbark.Sync.Worker.Accounts.Keeping;

/// <summary>Tells the keeper that an account changed.</summary>
internal sealed class AccountSignal : WakeSignal;
