using System.Text.Json.Serialization;

namespace Redbark.Sync.Simulator.Rest.V2;

internal sealed record V2List<T>(string Object, IReadOnlyList<T> Data, string? NextPageUrl, string? PreviousPageUrl);

internal sealed record V2Money(long Amount, string Currency);

internal sealed record V2Me(string Id, string Timezone, V2Key? Key);

internal sealed record V2Key(string Id, string Name, IReadOnlyList<string> Scopes, bool Legacy);

internal sealed record V2Institution(string Id, string Name, string? Logo);

internal sealed record V2Consent(string Id, string Status, string ExpiresAt);

internal sealed record V2Connection(
    string Id, string Object, string Provider, string Category, V2Institution Institution, string Status, V2Consent? Consent,
    IReadOnlyList<string>? Accounts, int AccountCount, string? LastRefreshedAt, string? ReadyAt, string? Metadata, bool Livemode, string Created,
    string Updated);

internal sealed record V2Account(
    string Id, string Object, string Connection, string Provider, string Category, string Name, string Type, V2Institution Institution,
    string? AccountNumber, string Currency, string Status, string? LastUpdatedAt, bool Livemode, string Created, string Updated);

internal sealed record V2Balance(
    string Object, string Account, V2Money? Current, V2Money? Available, string? Currency, string? ObservedAt, string? Freshness, bool Livemode);

internal sealed record V2Transaction(
    string Id, string Object, string Account, string Status, string Date, string? Datetime, string? PostDate, string? PostDatetime,
    string? ValueDate, string? ValueDatetime, string Description, string? Reference, string? ExtendedDescription, V2Money Amount, string Direction,
    string? ProviderCategory, string? Category, string? MerchantName, string? MerchantCategoryCode, bool Livemode);

internal sealed record V2Category(string Id, string Object, string Name);

internal sealed record V2Error(V2ErrorBody Error);

internal sealed record V2ErrorBody(string Type, string? Code, string Message, string? Param, string? DocUrl, string RequestId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(V2Me))]
[JsonSerializable(typeof(V2List<V2Connection>))]
[JsonSerializable(typeof(V2List<V2Account>))]
[JsonSerializable(typeof(V2List<V2Balance>))]
[JsonSerializable(typeof(V2List<V2Transaction>))]
[JsonSerializable(typeof(V2List<V2Category>))]
[JsonSerializable(typeof(V2Error))]
internal sealed partial class V2Json : JsonSerializerContext;
