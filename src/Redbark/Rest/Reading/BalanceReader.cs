namespace Redbark.Sync.Wire.Rest;

internal enum BalanceField
{
    AccountId,
    CurrentBalance,
    AvailableBalance,
    Currency,
}

internal sealed class BalanceReader : RestReader<RestBalance, BalanceField>
{
    protected override BalanceField IdField => BalanceField.AccountId;

    protected override RestBalance ReadRow(string id) => new()
    {
        AccountId = id,
        Current = Figure(BalanceField.CurrentBalance),
        Available = Figure(BalanceField.AvailableBalance),
        Currency = Currency(BalanceField.Currency),
    };
}
