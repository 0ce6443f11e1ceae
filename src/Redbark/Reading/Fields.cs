namespace Redbark.Sync.Wire;

/// <summary>The envelope (spec 2.1); <c>livemode</c> is the thin event's (spec 4.2).</summary>
internal enum EnvelopeField
{
    Id,
    Object,
    Type,
    ApiVersion,
    Created,
    Livemode,
    Data,
    Metadata,
}

/// <summary><c>data</c> (spec 2.1).</summary>
internal enum DataField
{
    New,
    Updated,
}

/// <summary><c>metadata</c> (spec 2.1).</summary>
internal enum MetadataField
{
    SyncRunId,
    NewCount,
    UpdatedCount,
    Chunk,
    TotalChunks,
}

/// <summary>A transaction (spec 2.2).</summary>
internal enum TransactionField
{
    Id,
    Object,
    Amount,
    Currency,
    Status,
    Description,
    Direction,
    Class,
    AccountId,
    AccountPublicId,
    AccountName,
    Account,
    LocalDate,
    TransactionDate,
    PostDate,
    MerchantName,
    Category,
    CustomCategory,
    MerchantCategoryCode,
    Reference,
    ExtendedDescription,
    PreviousAttributes,
}

/// <summary>A trade (spec 2.3).</summary>
internal enum TradeField
{
    Id,
    Object,
    AccountId,
    AccountPublicId,
    AccountName,
    Account,
    Symbol,
    Name,
    Type,
    Quantity,
    Price,
    TotalAmount,
    Fees,
    Currency,
    TradeDate,
    SettlementDate,
    Description,
}
