using System.Text.Json.Serialization;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Simulator.Control;

/// <summary>A sync run and what goes wrong in it; see <see cref="SyncFaults"/>.</summary>
internal sealed record RunOrder(
    int Chunk = 1, SendTwice SendTwice = SendTwice.No, bool Swap = false, bool CorruptSignature = false, bool MalformedRow = false,
    IReadOnlyList<string>? ExtraRows = null, bool Drop = false, int LoseAnswers = 0)
{
    public SyncFaults ToFaults() => new()
    {
        Chunk = Chunk,
        SendTwice = SendTwice,
        Swap = Swap,
        CorruptSignature = CorruptSignature,
        ExtraRows = [.. ExtraRows ?? [], .. MalformedRow ? [SyncFaults.MalformedRow] : Array.Empty<string>()],
        Drop = Drop,
        LoseAnswers = LoseAnswers,
    };
}

/// <summary>Rows to post: <c>{"count":3,"pending":true}</c>.</summary>
internal sealed record PurchaseOrder(int Count = 1, bool Pending = false);

/// <summary>Pending rows to settle: <c>{"count":2,"sameId":false}</c>.</summary>
internal sealed record SettlementOrder(int Count = int.MaxValue, bool SameId = false);

/// <summary>Posted rows whose description is corrected.</summary>
internal sealed record CorrectionOrder(int Count = 1);

/// <summary>Trades to post.</summary>
internal sealed record TradeOrder(int Count = 1);

/// <summary>Time to pass at the bank.</summary>
internal sealed record ClockOrder(double Hours);

/// <summary>The status of every connection: <c>invalidated</c> makes the feed quiet.</summary>
internal sealed record ConnectionOrder(string Status);

/// <summary>Switches the destination on again.</summary>
internal sealed record EnablingOrder;

/// <summary>An earlier event to post again.</summary>
internal sealed record RedeliveryOrder(string? EventId = null, bool Forge = false);

internal sealed record RestFaultOrder(
    bool? RateLimits, bool? Caches, bool? NullBalances, bool? ProfessionalRequired, bool? IgnoresIncludePending, int? RowCeiling, int? Unavailable,
    bool? Deprecated = null, SpoilOrder? Spoil = null);

/// <summary>The next calls of a path that are answered wrongly: <c>{"fault":"Html","path":"/v1/balances","calls":2}</c>.</summary>
internal sealed record SpoilOrder(BodyFault Fault, string Path, int Calls = 1);

internal sealed record Changed(int Rows, IReadOnlyList<string> Ids);

internal sealed record Problem(string Error);

internal sealed record SimulatorState(
    DateTimeOffset Now, IReadOnlyList<AccountState> Accounts, int Transactions, int Pending, int Trades, DestinationState? Destination,
    RevolutState? Revolut, TokenIoState? TokenIo);

internal sealed record AccountState(
    Guid Id, string PublicId, Guid ConnectionId, string Name, string Type, string Currency, string CurrentBalance, string AvailableBalance,
    string PostedTotal, int PostedRows);

internal sealed record DestinationState(
    Uri Url, bool Enabled, int FailedRuns, int DeliveredTransactions, int DeliveredTrades, IReadOnlyList<DeliveryAttempt> Attempts,
    IReadOnlyList<EventState> Events);

internal sealed record EventState(string Id, string Type, int Bytes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true, RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PurchaseOrder))]
[JsonSerializable(typeof(SettlementOrder))]
[JsonSerializable(typeof(CorrectionOrder))]
[JsonSerializable(typeof(TradeOrder))]
[JsonSerializable(typeof(ClockOrder))]
[JsonSerializable(typeof(ConnectionOrder))]
[JsonSerializable(typeof(EnablingOrder))]
[JsonSerializable(typeof(RedeliveryOrder))]
[JsonSerializable(typeof(RestFaultOrder))]
[JsonSerializable(typeof(RevolutFaultOrder))]
[JsonSerializable(typeof(RevolutConsentOrder))]
[JsonSerializable(typeof(TokenIoFaultOrder))]
[JsonSerializable(typeof(TokenIoConsentOrder))]
[JsonSerializable(typeof(RunOrder))]
[JsonSerializable(typeof(SyncRunReport))]
[JsonSerializable(typeof(DeliveryAttempt))]
[JsonSerializable(typeof(Changed))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SimulatorState))]
internal sealed partial class ControlJson : JsonSerializerContext;
