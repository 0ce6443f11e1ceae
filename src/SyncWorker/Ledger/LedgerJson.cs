using System.Text.Json.Serialization;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>What the ledger keeps as JSON.</summary>
[JsonSerializable(typeof(TransactionRow))]
[JsonSerializable(typeof(TradeRow))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class LedgerJson : JsonSerializerContext;
