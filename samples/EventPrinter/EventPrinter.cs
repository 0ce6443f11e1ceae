using MassTransit;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Samples.EventPrinter;

/// <summary>
/// Takes every event. They come at least once, so a consumer that does more than print remembers each <see cref="IWorkerEvent.EventId"/>;
/// and not always in order: of one transaction the greatest revision counts.
/// </summary>
internal sealed class EventPrinter :
    IConsumer<TransactionRecorded>, IConsumer<TransactionChanged>, IConsumer<TransactionSettled>, IConsumer<EntryRemoved>, IConsumer<TradeRecorded>,
    IConsumer<BalanceObserved>, IConsumer<DriftDetected>, IConsumer<DriftCleared>, IConsumer<GapDetected>, IConsumer<GapHealed>, IConsumer<FeedSilent>, IConsumer<ConnectionNeedsAttention>
{
    public Task Consume(ConsumeContext<TransactionRecorded> context) => Print(context, Of(context.Message.Transaction));

    public Task Consume(ConsumeContext<TransactionChanged> context) => Print(context, Of(context.Message.Transaction));

    public Task Consume(ConsumeContext<TransactionSettled> context) => Print(context, $"{Of(context.Message.Transaction)} settles {context.Message.PendingId?.ToString() ?? "itself"}");

    public Task Consume(ConsumeContext<EntryRemoved> context) => Print(context, $"{context.Message.Kind} {context.Message.Id}: {context.Message.ExternalId} is gone");

    public Task Consume(ConsumeContext<TradeRecorded> context)
    {
        var trade = context.Message.Trade;
        return Print(context, $"{trade.TradedOn:yyyy-MM-dd} {trade.Type} {trade.Quantity} {trade.Symbol} at {trade.Price} {trade.Currency}");
    }

    public Task Consume(ConsumeContext<BalanceObserved> context) => Print(context, $"{context.Message.Provider} {context.Message.ExternalId}: {context.Message.Current}");

    public Task Consume(ConsumeContext<DriftDetected> context) =>
        Print(context, $"account {context.Message.AccountId}: {context.Message.Drift} since {context.Message.Since:yyyy-MM-dd}, {context.Message.Cause}");

    public Task Consume(ConsumeContext<DriftCleared> context) => Print(context, $"account {context.Message.AccountId}: it was {context.Message.Drift}");

    public Task Consume(ConsumeContext<GapDetected> context) => Print(context, $"gap {context.Message.GapId}: {context.Message.Kind}");

    public Task Consume(ConsumeContext<GapHealed> context) => Print(context, $"gap {context.Message.GapId}: {context.Message.RowsApplied} rows, after {context.Message.After}");

    public Task Consume(ConsumeContext<FeedSilent> context) => Print(context, $"{context.Message.Feed}: nothing since {context.Message.LastDeliveryAt:u}");

    public Task Consume(ConsumeContext<ConnectionNeedsAttention> context) => Print(context, $"{context.Message.Provider} {context.Message.ConnectionId}: {context.Message.Reason}");

    private static string Of(LedgerTransaction transaction) =>
        $"{transaction.BookedOn:yyyy-MM-dd} {transaction.Amount} {transaction.Status} revision {transaction.Revision}: {transaction.Description}";

    private static Task Print<T>(ConsumeContext<T> context, string what) where T : class, IWorkerEvent => Console.Out.WriteLineAsync($"{typeof(T).Name} {what}");
}
