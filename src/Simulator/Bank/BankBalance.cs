using Redbark.Sync.Contracts;

namespace Redbark.Sync.Simulator.Bank;

/// <summary>The truth about one account, in minor units of its currency.</summary>
/// <param name="Account">The account.</param>
/// <param name="Current">Opening and posted rows, without holds.</param>
/// <param name="Available">Current, less holds and what is pending.</param>
/// <param name="PostedTotal">Sum of the rows that the feed calls posted: what a ledger fed with all of them shows.</param>
/// <param name="PostedRows">How many those are.</param>
public sealed record BankBalance(BankAccount Account, long Current, long Available, long PostedTotal, int PostedRows)
{
    /// <summary><see cref="Current"/> as money.</summary>
    public Money CurrentMoney => Money.FromMinorUnits(Current, Account.Currency);

    /// <summary><see cref="Available"/> as money.</summary>
    public Money AvailableMoney => Money.FromMinorUnits(Available, Account.Currency);

    /// <summary><see cref="PostedTotal"/> as money.</summary>
    public Money PostedTotalMoney => Money.FromMinorUnits(PostedTotal, Account.Currency);
}
