using System.Text.Json;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire;

/// <summary>
/// Turns a delivery's body into the message that says what it holds. Tolerant as the provider's beta asks (spec, preamble): unknown and
/// missing fields, numbers as strings, snake_case and camelCase, both forms of dates and ids. Every row that the body holds is in the
/// message, as a row or as a rejected row.
/// </summary>
public static class DeliveryReader
{
    /// <summary>The deepest nesting that is read.</summary>
    public const int MaximumDepth = 8192;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaximumDepth };
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaximumDepth };

    /// <summary>Reads a body. Throws for no body whatever.</summary>
    /// <param name="delivery">The delivery; the message carries it with its envelope filled in.</param>
    /// <param name="body">The exact bytes that were signed.</param>
    /// <exception cref="TimeZoneNotFoundException">The delivery's time zone is not known on this machine.</exception>
    public static IDelivered Read(Delivery delivery, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        if (body.IsEmpty)
            return new UnreadableDelivered(delivery with { Envelope = null }, "The body is empty; a JSON object is expected.");

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, DocumentOptions);
        }
        catch (JsonException error)
        {
            var salvaged = EnvelopeReader.Salvage(body.Span, ReaderOptions, delivery.SignedAt);
            return new UnreadableDelivered(
                delivery with { Envelope = salvaged },
                $"The body is not JSON, ends too early or is nested deeper than {MaximumDepth} levels: "
                + $"line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
        }

        using (document)
            return Read(delivery, document.RootElement);
    }

    private static IDelivered Read(Delivery delivery, JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object)
            return new UnreadableDelivered(delivery with { Envelope = null }, $"The body is {JsonText.Describe(root)}; an object is expected.");

        var unknown = new UnknownFields();
        var envelope = new JsonFields<EnvelopeField>();
        envelope.Load(root, unknown, "");
        delivery = delivery with { Envelope = EnvelopeReader.Read(envelope, unknown, delivery.SignedAt) };

        var type = delivery.Envelope.Type.ToLowerInvariant();
        if (type.Length == 0)
            return new UnreadableDelivered(delivery, $"type is {JsonText.Describe(envelope[EnvelopeField.Type])}; the name of an event is expected.");
        if (type is not (EventTypes.TransactionsSynced or EventTypes.TradesSynced))
            return new UnrecognisedDelivered(delivery);
        delivery = delivery with { Envelope = delivery.Envelope with { Type = type } };

        var data = new JsonFields<DataField>();
        data.Load(envelope[EnvelopeField.Data], unknown, "data.");
        var (@new, updated) = (data[DataField.New], data[DataField.Updated]);
        if (IsAbsent(@new) && IsAbsent(updated) && IsThin(envelope, delivery.Envelope))
            return new UnrecognisedDelivered(delivery);
        if (envelope[EnvelopeField.Data] is { ValueKind: not JsonValueKind.Object } other)
            return new UnreadableDelivered(delivery, $"data is {JsonText.Describe(other)}; an object is expected.");
        if (!IsAbsent(@new) && @new.ValueKind is not JsonValueKind.Array)
            return new UnreadableDelivered(delivery, $"data.new is {JsonText.Describe(@new)}; an array is expected.");
        if (!IsAbsent(updated) && updated.ValueKind is not JsonValueKind.Array)
            return new UnreadableDelivered(delivery, $"data.updated is {JsonText.Describe(updated)}; an array is expected.");

        var zone = TimeZoneInfo.FindSystemTimeZoneById(delivery.TimeZone);
        if (type is EventTypes.TradesSynced)
        {
            var (trades, rejectedTrades) = new TradeReader(zone, unknown).Read(@new, updated);
            return new TradesDelivered(delivery, trades, rejectedTrades);
        }

        var (rows, rejected) = new TransactionReader(zone, unknown).Read(@new, updated);
        return new TransactionsDelivered(delivery, rows, rejected);
    }

    private static bool IsAbsent(JsonElement element) => element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    // A thin event can have the same type, but carries no rows (spec 4.2).
    private static bool IsThin(JsonFields<EnvelopeField> fields, Envelope envelope) =>
        envelope.EventId?.StartsWith("evt_", StringComparison.Ordinal) is true || !IsAbsent(fields[EnvelopeField.Livemode]);
}
