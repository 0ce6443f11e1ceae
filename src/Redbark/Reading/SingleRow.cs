using System.Text.Json;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire;

/// <summary>One row by itself, read as it would be in a delivery: a person's correction of one that could not be used.</summary>
internal sealed record SingleRow
{
    /// <summary>The reason where the text is no JSON; else it is one of <see cref="RowRejection"/>.</summary>
    public const string NotJson = "not_json";

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = DeliveryReader.MaximumDepth };

    /// <summary>The transaction, when the text is one that can be used.</summary>
    public TransactionRow? Transaction { get; private init; }

    /// <summary>The trade, when the text is one that can be used.</summary>
    public TradeRow? Trade { get; private init; }

    /// <summary>Why it cannot be used.</summary>
    public RowProblem? Problem { get; private init; }

    /// <summary>Its id, when that is usable.</summary>
    public string? ExternalId { get; private init; }

    /// <summary>Its account, when it names one.</summary>
    public AccountReference? Account { get; private init; }

    /// <param name="json">The row's JSON text.</param>
    /// <param name="isTrade">A trade rather than a transaction.</param>
    /// <param name="timeZone">IANA time zone of the feed.</param>
    /// <param name="index">Its place among the delivery's rows.</param>
    /// <param name="origin">The array that it stands in.</param>
    public static SingleRow Read(string json, bool isTrade, string timeZone, int index, RowOrigin origin)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, DocumentOptions);
        }
        catch (JsonException error)
        {
            return new SingleRow { Problem = new RowProblem(NotJson, $"the text is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}") };
        }

        using (document)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
            if (isTrade)
            {
                var trade = new TradeReader(zone, new UnknownFields()).ReadOne(document.RootElement, index, origin);
                return new SingleRow { Trade = trade.Row, Problem = trade.Problem, ExternalId = trade.Id, Account = trade.Account };
            }

            var transaction = new TransactionReader(zone, new UnknownFields()).ReadOne(document.RootElement, index, origin);
            return new SingleRow { Transaction = transaction.Row, Problem = transaction.Problem, ExternalId = transaction.Id, Account = transaction.Account };
        }
    }
}
