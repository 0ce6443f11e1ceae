using System.Text.Json.Serialization;

namespace Redbark.Sync.Simulator.Rest.V1;

internal sealed record V1List<T>(IReadOnlyList<T> Data);

internal sealed record V1Page<T>(IReadOnlyList<T> Data, V1Pagination Pagination);

internal sealed record V1Pagination(int Total, int Limit, int Offset, bool HasMore);

internal sealed record V1Connection(
    Guid Id, string Provider, string Category, string InstitutionId, string InstitutionName, string? InstitutionLogo, string Status,
    string? LastRefreshedAt, string CreatedAt);

internal sealed record V1Account(
    Guid Id, Guid ConnectionId, string Provider, string Name, string Type, string InstitutionName, string? AccountNumber, string Currency);

internal sealed record V1Balance(Guid AccountId, string? CurrentBalance, string? AvailableBalance, string? Currency);

internal sealed record V1Transaction(
    string Id, Guid AccountId, string AccountName, string Status, string Date, string? Datetime, string? PostDate, string? PostDatetime,
    string? ValueDate, string? ValueDatetime, string Description, string Amount, string Direction, string? Category, string? CustomCategory,
    string? CustomCategoryGroup, string? MerchantName, string? MerchantCategoryCode);

internal sealed record V1Trade(
    string Id, Guid AccountId, string AccountName, string Symbol, string Name, string Type, string Quantity, string Price, string Currency,
    string TotalAmount, string Fees, string TradeDate, string SettlementDate, string? Description);

internal sealed record V1Holding(
    string Id, Guid AccountId, string AccountName, string Symbol, string Name, string? Exchange, string Currency, string Quantity,
    string AveragePrice, string CurrentPrice, string MarketValue, string UnrealizedPnl);

internal sealed record V1Rate(string Type, string Rate);

internal sealed record V1Fee(string Name, string Type, string Amount, string Currency);

internal sealed record V1LoanDetails(string MinRepaymentAmount, string NextRepaymentDate);

internal sealed record V1AccountDetails(Guid AccountId, IReadOnlyList<V1Rate> Rates, IReadOnlyList<V1Fee> Fees, V1LoanDetails? LoanDetails);

internal sealed record V1Category(string Key, string Label);

internal sealed record V1Categories(IReadOnlyList<V1Category> Categories);

internal sealed record V1Error(V1ErrorBody Error);

internal sealed record V1ErrorBody(
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Details);

internal sealed record V1Health(string Status);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(V1List<V1Connection>))]
[JsonSerializable(typeof(V1Page<V1Account>))]
[JsonSerializable(typeof(V1List<V1Balance>))]
[JsonSerializable(typeof(V1Page<V1Transaction>))]
[JsonSerializable(typeof(V1Page<V1Trade>))]
[JsonSerializable(typeof(V1List<V1Holding>))]
[JsonSerializable(typeof(V1List<V1AccountDetails>))]
[JsonSerializable(typeof(V1Categories))]
[JsonSerializable(typeof(V1Error))]
[JsonSerializable(typeof(V1Health))]
internal sealed partial class V1Json : JsonSerializerContext;
