namespace Redbark.Sync.Wire.Rest;

internal enum ConnectionField
{
    Id,
    Provider,
    Category,
    InstitutionName,
    Status,
    LastRefreshedAt,
}

internal sealed class ConnectionReader : RestReader<RestConnection, ConnectionField>
{
    protected override ConnectionField IdField => ConnectionField.Id;

    protected override RestConnection ReadRow(string id) => new()
    {
        Id = id,
        Provider = Trimmed(ConnectionField.Provider),
        Category = Trimmed(ConnectionField.Category),
        InstitutionName = Text(ConnectionField.InstitutionName),
        Status = Trimmed(ConnectionField.Status),
        LastRefreshedAt = Instant(ConnectionField.LastRefreshedAt),
    };
}
