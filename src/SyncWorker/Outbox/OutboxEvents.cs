using System.Buffers.Binary;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Outbox;

/// <summary>Reads what an outbox entry names, as it was at that revision, and makes the events of it.</summary>
internal static class OutboxEvents
{
    // A version that became history before it was published is found there. It was superseded after the entry was written, which spares
    // the look into older months.
    private const string TransactionsSql = """
        SELECT v.transaction_id, v.revision, v.account_id, v.external_id, v.status, v.amount, v.currency, v.booked_on, v.occurred_at, v.description,
            v.merchant_name, v.category, v.merchant_category_code, v.reference, v.delivery_id, v.recorded_at,
            v.revision > 1 AND v.status = 'posted' AND EXISTS (SELECT FROM ledger.transaction_revisions p
                WHERE p.transaction_id = r.id AND p.revision = r.revision - 1 AND p.superseded_at >= $3 AND p.status = 'pending') AS settled
        FROM unnest($1, $2) WITH ORDINALITY AS r (id, revision, n)
        CROSS JOIN LATERAL (
            SELECT id AS transaction_id, revision, account_id, external_id, status, amount, currency, booked_on, occurred_at, description,
                merchant_name, category, merchant_category_code, reference, delivery_id, recorded_at
            FROM ledger.transactions t WHERE t.id = r.id AND t.revision = r.revision
            UNION ALL
            SELECT transaction_id, revision, account_id, external_id, status, amount, currency, booked_on, occurred_at, description,
                merchant_name, category, merchant_category_code, reference, delivery_id, recorded_at
            FROM ledger.transaction_revisions h WHERE h.transaction_id = r.id AND h.revision = r.revision AND h.superseded_at >= $3
            LIMIT 1) v
        ORDER BY r.n
        """;

    private const string TradesSql = """
        SELECT v.trade_id, v.revision, v.account_id, v.external_id, v.type, v.symbol, v.name, v.quantity, v.price, v.total_amount, v.fees, v.currency,
            v.traded_on, v.settled_on, v.delivery_id, v.recorded_at
        FROM unnest($1, $2) WITH ORDINALITY AS r (id, revision, n)
        CROSS JOIN LATERAL (
            SELECT id AS trade_id, revision, account_id, external_id, type, symbol, name, quantity, price, total_amount, fees, currency,
                traded_on, settled_on, delivery_id, recorded_at
            FROM ledger.trades t WHERE t.id = r.id AND t.revision = r.revision
            UNION ALL
            SELECT trade_id, revision, account_id, external_id, type, symbol, name, quantity, price, total_amount, fees, currency,
                traded_on, settled_on, delivery_id, recorded_at
            FROM ledger.trade_revisions h WHERE h.trade_id = r.id AND h.revision = r.revision AND h.superseded_at >= $3
            LIMIT 1) v
        ORDER BY r.n
        """;

    public static async Task<List<IWorkerEvent>> ReadAsync(NpgsqlConnection connection, OutboxEntry entry, CancellationToken cancellation)
    {
        if (entry.Subject == Announcements.Subject)
            return [Announcements.Read(entry)];

        var transactions = entry.Subject == "transactions";
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(transactions ? TransactionsSql : TradesSql)
            .With(entry.Ids, NpgsqlDbType.Array | NpgsqlDbType.Bigint).With(entry.Revisions, NpgsqlDbType.Array | NpgsqlDbType.Integer).With(entry.RecordedAt);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var events = new List<IWorkerEvent>(entry.Ids.Length);
        while (await reader.ReadAsync(cancellation))
            events.Add(transactions ? Transaction(reader) : Trade(reader));
        return events;
    }

    private static ILedgerEvent Transaction(NpgsqlDataReader reader)
    {
        var transaction = ReadTransaction(reader);
        var (delivery, recordedAt) = (reader.GetGuid(14), reader.GetFieldValue<DateTimeOffset>(15));
        var id = EventId('t', transaction.Id, transaction.Revision, delivery);
        return transaction.Revision == 1 ? new TransactionRecorded(id, recordedAt, delivery, transaction)
            : reader.GetBoolean(16) ? new TransactionSettled(id, recordedAt, delivery, transaction)
            : new TransactionChanged(id, recordedAt, delivery, transaction);
    }

    /// <summary>Reads the columns from <c>id</c> to <c>reference</c>, in the order of <see cref="TransactionsSql"/>.</summary>
    public static LedgerTransaction ReadTransaction(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        Revision = reader.GetInt32(1),
        AccountId = reader.GetInt64(2),
        ExternalId = reader.GetString(3),
        Status = reader.GetString(4) == "posted" ? TransactionStatus.Posted : TransactionStatus.Pending,
        Amount = new Money(reader.GetDecimal(5), reader.GetString(6)),
        BookedOn = reader.GetFieldValue<DateOnly>(7),
        OccurredAt = reader.Time(8),
        Description = reader.Value<string>(9),
        MerchantName = reader.Value<string>(10),
        Category = reader.Value<string>(11),
        MerchantCategoryCode = reader.Value<string>(12),
        Reference = reader.Value<string>(13),
    };

    private static TradeRecorded Trade(NpgsqlDataReader reader)
    {
        var trade = new LedgerTrade
        {
            Id = reader.GetInt64(0),
            Revision = reader.GetInt32(1),
            AccountId = reader.GetInt64(2),
            ExternalId = reader.GetString(3),
            Type = reader.GetString(4),
            Symbol = reader.Value<string>(5),
            Name = reader.Value<string>(6),
            Quantity = reader.Number<decimal>(7),
            Price = reader.Number<decimal>(8),
            TotalAmount = reader.Number<decimal>(9),
            Fees = reader.Number<decimal>(10),
            Currency = reader.GetString(11),
            TradedOn = reader.GetFieldValue<DateOnly>(12),
            SettledOn = reader.Number<DateOnly>(13),
        };
        var (delivery, recordedAt) = (reader.GetGuid(14), reader.GetFieldValue<DateTimeOffset>(15));
        return new TradeRecorded(EventId('r', trade.Id, trade.Revision, delivery), recordedAt, delivery, trade);
    }

    /// <summary>The same change has the same id, however often it is published. A name-based UUID in the manner of version 8.</summary>
    private static Guid EventId(char subject, long id, int revision, Guid delivery)
    {
        Span<byte> name = stackalloc byte[29];
        name[0] = (byte)subject;
        BinaryPrimitives.WriteInt64BigEndian(name[1..], id);
        BinaryPrimitives.WriteInt32BigEndian(name[9..], revision);
        delivery.TryWriteBytes(name[13..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash[..16], bigEndian: true);
    }
}

/// <summary>What one database transaction changed in one table, or one announcement.</summary>
internal sealed record OutboxEntry(long Id, string Subject, long[] Ids, int[] Revisions, string? Type, string? Content, DateTimeOffset RecordedAt);
