using System.Text.Json;
using System.Text.Json.Serialization;
using Redbark.Sync.Worker.Api.Accounts;
using Redbark.Sync.Worker.Api.Accounts.History;
using Redbark.Sync.Worker.Api.Audit;
using Redbark.Sync.Worker.Api.Balances;
using Redbark.Sync.Worker.Api.Deliveries;
using Redbark.Sync.Worker.Api.Feeds;
using Redbark.Sync.Worker.Api.Gaps;
using Redbark.Sync.Worker.Api.Jobs;
using Redbark.Sync.Worker.Api.Operations;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Quarantine;
using Redbark.Sync.Worker.Api.Reconciliation;
using Redbark.Sync.Worker.Api.Runs;
using Redbark.Sync.Worker.Api.Settlements;
using Redbark.Sync.Worker.Api.Trades;
using Redbark.Sync.Worker.Api.Transactions;

namespace Redbark.Sync.Worker.Api;

/// <summary>What the API takes and answers, as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(AccountResponse))]
[JsonSerializable(typeof(Page<AccountResponse>))]
[JsonSerializable(typeof(TransactionResponse))]
[JsonSerializable(typeof(Page<TransactionResponse>))]
[JsonSerializable(typeof(Page<TransactionRevision>))]
[JsonSerializable(typeof(TradeResponse))]
[JsonSerializable(typeof(Page<TradeResponse>))]
[JsonSerializable(typeof(Page<TradeRevision>))]
[JsonSerializable(typeof(Page<PositionResponse>))]
[JsonSerializable(typeof(DeliveryResponse))]
[JsonSerializable(typeof(Page<DeliveryResponse>))]
[JsonSerializable(typeof(Page<DeliveryRowResponse>))]
[JsonSerializable(typeof(QuarantineResponse))]
[JsonSerializable(typeof(Page<QuarantineResponse>))]
[JsonSerializable(typeof(DropRequest))]
[JsonSerializable(typeof(EditRequest))]
[JsonSerializable(typeof(Page<RunResponse>))]
[JsonSerializable(typeof(Page<FeedResponse>))]
[JsonSerializable(typeof(GapResponse))]
[JsonSerializable(typeof(Page<GapResponse>))]
[JsonSerializable(typeof(GapDetailResponse))]
[JsonSerializable(typeof(Page<JobResponse>))]
[JsonSerializable(typeof(JobRunResponse))]
[JsonSerializable(typeof(Page<JobRunResponse>))]
[JsonSerializable(typeof(Page<BalanceResponse>))]
[JsonSerializable(typeof(BalanceDetailResponse))]
[JsonSerializable(typeof(Page<ReadingResponse>))]
[JsonSerializable(typeof(Page<HoldingResponse>))]
[JsonSerializable(typeof(Page<ConnectionResponse>))]
[JsonSerializable(typeof(Page<ReconciliationResponse>))]
[JsonSerializable(typeof(Page<ProofChangeResponse>))]
[JsonSerializable(typeof(BalanceHistoryResponse))]
[JsonSerializable(typeof(SuggestionResponse))]
[JsonSerializable(typeof(Page<SuggestionResponse>))]
[JsonSerializable(typeof(Page<LinkResponse>))]
[JsonSerializable(typeof(Page<RejectionResponse>))]
[JsonSerializable(typeof(NoteRequest))]
[JsonSerializable(typeof(Page<AuditResponse>))]
[JsonSerializable(typeof(OperationResponse))]
[JsonSerializable(typeof(Page<OperationResponse>))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(BackfillRequest))]
internal sealed partial class ApiJson : JsonSerializerContext;
