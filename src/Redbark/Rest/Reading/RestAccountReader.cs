using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Rest;

internal enum AccountField
{
    Id,
    ConnectionId,
    Provider,
    Name,
    Type,
    InstitutionName,
    AccountNumber,
    Currency,
}

internal sealed class RestAccountReader : RestReader<RestAccount, AccountField>
{
    protected override AccountField IdField => AccountField.Id;

    protected override RestAccount ReadRow(string id) => new()
    {
        Id = id,
        ConnectionId = ReadId(AccountField.ConnectionId, RowRejection.IdMissing) ?? "",
        Provider = Trimmed(AccountField.Provider),
        Name = Text(AccountField.Name),
        Type = Trimmed(AccountField.Type),
        InstitutionName = Text(AccountField.InstitutionName),
        AccountNumber = Text(AccountField.AccountNumber),
        Currency = CurrencyIfAny(AccountField.Currency),
    };
}
