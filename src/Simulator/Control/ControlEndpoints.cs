using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Simulator.Control;

/// <summary>The handles of the simulation under <c>/simulator</c>. An empty body takes every default.</summary>
internal static class ControlEndpoints
{
    private const int MostRows = 100_000;

    public static void MapControl(this IEndpointRouteBuilder routes, SimulatedRedbark redbark)
    {
        routes.MapGet("/simulator/state", () => TypedResults.Json(State(redbark), ControlJson.Default.SimulatorState));
        Post("runs", ControlJson.Default.RunOrder, ControlJson.Default.SyncRunReport, (order, aborted) => redbark.RunAsync(order.ToFaults(), aborted));
        Post("redeliveries", ControlJson.Default.RedeliveryOrder, ControlJson.Default.DeliveryAttempt, (order, aborted) => Redeliver(redbark, order, aborted));
        Change("purchases", ControlJson.Default.PurchaseOrder, order => Purchases(redbark, order));
        Change("settlements", ControlJson.Default.SettlementOrder, order => Settlements(redbark, order));
        Change("corrections", ControlJson.Default.CorrectionOrder, order => Corrections(redbark, order));
        Change("trades", ControlJson.Default.TradeOrder, order => [.. redbark.Generator.PostTrades(Count(order.Count)).Select(trade => trade.Id)]);
        Change("clock", ControlJson.Default.ClockOrder, order => Advance(redbark, order));
        Change("connections", ControlJson.Default.ConnectionOrder, order => Connections(redbark, order));
        Change("rest-faults", ControlJson.Default.RestFaultOrder, order => Switch(redbark.RestFaults, order));
        Change("revolut-faults", ControlJson.Default.RevolutFaultOrder, order => OpenBankingControl.Switch(OpenBankingControl.Revolut(redbark), order));
        Change("revolut-consents", ControlJson.Default.RevolutConsentOrder, order => OpenBankingControl.Change(OpenBankingControl.Revolut(redbark), order));
        Change("tokenio-faults", ControlJson.Default.TokenIoFaultOrder, order => OpenBankingControl.Switch(OpenBankingControl.TokenIo(redbark), order));
        Change("tokenio-consents", ControlJson.Default.TokenIoConsentOrder, order => OpenBankingControl.Change(OpenBankingControl.TokenIo(redbark), order));
        Change("enabling", ControlJson.Default.EnablingOrder, _ => Enable(redbark));

        void Change<T>(string path, JsonTypeInfo<T> type, Func<T, IReadOnlyList<string>> change) =>
            Post(path, type, ControlJson.Default.Changed, (order, _) =>
            {
                var ids = change(order);
                return Task.FromResult(new Changed(ids.Count, ids));
            });

        void Post<TOrder, TResult>(
            string path, JsonTypeInfo<TOrder> orderType, JsonTypeInfo<TResult> resultType, Func<TOrder, CancellationToken, Task<TResult>> act) =>
            routes.MapPost("/simulator/" + path, async (HttpContext context) =>
            {
                try
                {
                    var order = await ReadAsync(context.Request, orderType, context.RequestAborted);
                    return Results.Json(await act(order, context.RequestAborted), resultType);
                }
                catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
                {
                    return Results.Json(new Problem(error.Message), ControlJson.Default.Problem, statusCode: StatusCodes.Status400BadRequest);
                }
            });
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        return JsonSerializer.Deserialize(body.Length == 0 ? "{}"u8 : body.ToArray(), type) ?? throw new JsonException("The body is null.");
    }

    private static IReadOnlyList<string> Purchases(SimulatedRedbark redbark, PurchaseOrder order) =>
        [.. redbark.Generator.PostRows(Count(order.Count), order.Pending ? TransactionStatus.Pending : TransactionStatus.Posted).Select(row => row.Id)];

    private static IReadOnlyList<string> Settlements(SimulatedRedbark redbark, SettlementOrder order)
    {
        var open = redbark.Bank.Transactions.Where(row => row.Status == TransactionStatus.Pending || row.IsHold).Take(order.Count);
        return [.. open.Select(row => redbark.Bank.Settle(row.Key, underNewId: !order.SameId).Id)];
    }

    private static IReadOnlyList<string> Corrections(SimulatedRedbark redbark, CorrectionOrder order)
    {
        var rows = redbark.Bank.Transactions.Where(row => row.Status == TransactionStatus.Posted).TakeLast(Count(order.Count));
        return [.. rows.Select(row => redbark.Bank.Correct(row.Key, before => before with { Description = before.Description + "  CORRECTED" }).Id)];
    }

    private static IReadOnlyList<string> Advance(SimulatedRedbark redbark, ClockOrder order)
    {
        redbark.Bank.Clock.Advance(TimeSpan.FromHours(order.Hours));
        return [];
    }

    private static IReadOnlyList<string> Connections(SimulatedRedbark redbark, ConnectionOrder order)
    {
        foreach (var connection in redbark.Bank.Connections)
            redbark.Bank.SetStatus(connection.Id, order.Status);
        return [.. redbark.Bank.Connections.Select(connection => connection.Id.ToString())];
    }

    private static IReadOnlyList<string> Enable(SimulatedRedbark redbark)
    {
        redbark.Destination.Enable();
        return [];
    }

    private static IReadOnlyList<string> Switch(RestFaults faults, RestFaultOrder order)
    {
        faults.RateLimits = order.RateLimits ?? faults.RateLimits;
        faults.Caches = order.Caches ?? faults.Caches;
        faults.NullBalances = order.NullBalances ?? faults.NullBalances;
        faults.ProfessionalRequired = order.ProfessionalRequired ?? faults.ProfessionalRequired;
        faults.IgnoresIncludePending = order.IgnoresIncludePending ?? faults.IgnoresIncludePending;
        faults.RowCeiling = order.RowCeiling ?? faults.RowCeiling;
        faults.Unavailable = order.Unavailable ?? faults.Unavailable;
        faults.Deprecated = order.Deprecated ?? faults.Deprecated;
        if (order.Spoil is { } spoil)
            faults.Spoil(spoil.Fault, spoil.Path, Count(spoil.Calls));
        return [];
    }

    private static Task<DeliveryAttempt> Redeliver(SimulatedRedbark redbark, RedeliveryOrder order, CancellationToken cancellationToken)
    {
        var sent = redbark.Sender.Sent.LastOrDefault(sent => order.EventId is null || sent.Id == order.EventId)
            ?? throw new ArgumentException("There is no such event among the last 50.", nameof(order));
        return order.Forge ? redbark.Sender.ForgeAsync(sent, cancellationToken) : redbark.Sender.RedeliverAsync(sent, cancellationToken);
    }

    private static SimulatorState State(SimulatedRedbark redbark)
    {
        var rows = redbark.Bank.Transactions;
        var accounts = redbark.Bank.Balances().Select(balance => new AccountState(
            balance.Account.Id, balance.Account.PublicId, balance.Account.ConnectionId, balance.Account.Name, balance.Account.Type,
            balance.Account.Currency, RestFormat.Decimal(balance.CurrentMoney.Amount), RestFormat.Decimal(balance.AvailableMoney.Amount),
            RestFormat.Decimal(balance.PostedTotalMoney.Amount), balance.PostedRows));
        var destination = redbark.Options.Destination is not { } to ? null : new DestinationState(
            to.Url, to.Enabled, to.FailedRuns, to.Delivered.Transactions, to.Delivered.Trades, to.Log.Attempts,
            [.. redbark.Sender.Sent.Select(sent => new EventState(sent.Id, sent.Type, sent.Body.Length))]);
        return new SimulatorState(
            redbark.Bank.Clock.GetUtcNow(), [.. accounts], rows.Count, rows.Count(row => row.Status == TransactionStatus.Pending),
            redbark.Bank.Trades.Count, destination, OpenBankingControl.State(redbark.Revolut), OpenBankingControl.State(redbark.TokenIo));
    }

    private static int Count(int count) =>
        count is >= 0 and <= MostRows ? count : throw new ArgumentException($"count: found {count}, expected 0 to {MostRows}.", nameof(count));
}
