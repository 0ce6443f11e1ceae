using System.Buffers.Binary;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Archive;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Quarantine;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>What the database knows of a delivery before it is applied, with the locks that keep it so. One round trip.</summary>
internal sealed record Findings
{
    // Names are locked in so many groups, so that a delivery of thousands of accounts does not fill the server's lock table.
    private const int Groups = 256;

    // The first of the two numbers of the advisory locks on names.
    private const int NameLocks = 0x52454442;

    /// <summary>The delivery itself, when it came before.</summary>
    public DeliveryRecord? Same { get; private set; }

    /// <summary>Others with its event id, the first first.</summary>
    public List<DeliveryRecord> OfEvent { get; } = [];

    public List<AccountState> Accounts { get; private set; } = [];

    /// <summary>Of a replayed delivery: what lies open in quarantine, by row, and when a delivery last said the same.</summary>
    public Dictionary<int, (long Id, DateTimeOffset? SeenAt)> Quarantined { get; } = [];

    /// <param name="alone">Whether to keep others off the accounts, because they are about to change; otherwise they are shared.</param>
    public static async Task<Findings> LookAsync(
        NpgsqlConnection connection, Intake intake, IReadOnlyList<AccountReference> accounts, bool alone, ContentHash hash, CancellationToken cancellation)
    {
        var externalIds = accounts.Where(account => account.ExternalId is not null).Select(account => account.ExternalId!).Distinct().ToList();
        var publicIds = accounts.Where(account => account.PublicId is not null).Select(account => account.PublicId!).Distinct().ToList();
        var @event = DeliveryArchive.EventIdOf(intake.Delivery) ?? intake.Delivery.Id.ToString();

        await using var batch = new NpgsqlBatch(connection);
        // Always the event first and the groups in order: deliveries that meet wait for each other, never in a circle.
        batch.Add("SELECT pg_advisory_xact_lock($1)").With(Number(hash.Of("event", @event)));
        AddNameLocks(batch, externalIds, publicIds, alone, hash);
        DeliveryArchive.AddFind(batch, intake.Delivery);
        AccountStore.AddFind(batch, externalIds, publicIds);
        QuarantineStore.AddOfDelivery(batch, intake.Mode == IntakeMode.Fresh ? Guid.Empty : intake.Delivery.Id);

        var findings = new Findings();
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var record = DeliveryRecord.Read(reader);
            if (record.Id == intake.Delivery.Id)
                findings.Same = record;
            else
                findings.OfEvent.Add(record);
        }

        await reader.NextResultAsync(cancellation);
        findings.Accounts = await AccountStore.ReadAsync(reader, cancellation);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            findings.Quarantined[reader.GetInt32(0)] = (reader.GetInt64(1), reader.Time(2));
        return findings;
    }

    /// <summary>Adds the locks on the names of accounts.</summary>
    public static void AddNameLocks(NpgsqlBatch batch, IEnumerable<string> externalIds, IEnumerable<string> publicIds, bool alone, ContentHash hash)
    {
        int[] groups = [.. externalIds.Select(id => Group(hash.Of("account", id))).Concat(publicIds.Select(id => Group(hash.Of("public", id)))).Distinct().Order()];
        batch.Add($"SELECT pg_advisory_xact_lock{(alone ? "" : "_shared")}($1, g) FROM unnest($2) g").With(NameLocks).With(groups, NpgsqlDbType.Array | NpgsqlDbType.Integer);
    }

    private static int Group(Guid hash) => (int)((ulong)Number(hash) % Groups);

    private static long Number(Guid hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        hash.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }
}
