using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>An account of the bank as another provider shows it.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Account">The account.</param>
public sealed record ExposedAccount(string Id, BankAccount Account)
{
    /// <summary>Finds the account of a number.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="number">From 0, over the accounts that take transactions.</param>
    /// <exception cref="ArgumentException">There is none of that number.</exception>
    internal static BankAccount Find(SimulatedBank bank, int number)
    {
        var accounts = bank.Accounts.Where(account => !account.IsBrokerage).ToArray();
        return number >= 0 && number < accounts.Length
            ? accounts[number]
            : throw new ArgumentException($"There is no account {number}: the bank has {accounts.Length}, counted from 0.", nameof(number));
    }
}
