using System.Text.Json;
using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Archive;

/// <summary>What the archive says of a delivery that came before, without its body.</summary>
internal sealed record DeliveryRecord
{
    public const string Columns = "id, received_at, body_sha256, status, duplicate_of, conflicts_with, rows, applied, unchanged, quarantined, ignored, ignored_reasons::text, event_id";

    public required Guid Id { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required string BodySha256 { get; init; }
    public required string Status { get; init; }
    public Guid? DuplicateOf { get; init; }
    public Guid? ConflictsWith { get; init; }
    public required RowCounts Counts { get; init; }
    public string? EventId { get; init; }

    /// <summary>The delivery that holds the body.</summary>
    public Guid BodyOf => DuplicateOf ?? Id;

    public static DeliveryRecord Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        ReceivedAt = reader.GetFieldValue<DateTimeOffset>(1),
        BodySha256 = reader.GetString(2),
        Status = reader.GetString(3),
        DuplicateOf = reader.Number<Guid>(4),
        ConflictsWith = reader.Number<Guid>(5),
        Counts = new RowCounts
        {
            Rows = reader.GetInt32(6),
            Applied = reader.GetInt32(7),
            Unchanged = reader.GetInt32(8),
            Quarantined = reader.GetInt32(9),
            Ignored = JsonSerializer.Deserialize(reader.GetString(11), LedgerJson.Default.DictionaryStringInt32)!,
        },
        EventId = reader.Value<string>(12),
    };

    public ApplyOutcome ToOutcome() =>
        new(Id, Status, Counts.Rows, Counts.Applied, Counts.Unchanged, Counts.Quarantined, Counts.Ignored.Values.Sum(), DuplicateOf, ConflictsWith);
}

/// <summary>How the rows of a delivery ended (invariant I4).</summary>
internal sealed class RowCounts
{
    public int Rows { get; set; }
    public int Applied { get; set; }
    public int Unchanged { get; set; }
    public int Quarantined { get; set; }

    /// <summary>By reason.</summary>
    public Dictionary<string, int> Ignored { get; init; } = [];

    public void Add(RowFate fate, string? reason, int rows = 1)
    {
        if (rows == 0)
            return;
        Rows += rows;
        switch (fate)
        {
            case RowFate.Applied:
                Applied += rows;
                break;
            case RowFate.Unchanged:
                Unchanged += rows;
                break;
            case RowFate.Quarantined:
                Quarantined += rows;
                break;
            default:
                Ignored[reason!] = Ignored.GetValueOrDefault(reason!) + rows;
                break;
        }
    }

    /// <summary>One row that was counted as something else lies in quarantine again, or would have, had it not been there already.</summary>
    public void TakeBack(RowFate fate, string? reason, bool already)
    {
        switch (fate)
        {
            case RowFate.Applied:
                Applied--;
                break;
            case RowFate.Unchanged:
                Unchanged--;
                break;
            default:
                if (--Ignored[reason!] == 0)
                    Ignored.Remove(reason!);
                break;
        }

        Rows--;
        Add(already ? RowFate.Ignored : RowFate.Quarantined, already ? IgnoredReason.AlreadyQuarantined : null);
    }

    /// <summary>One row left quarantine.</summary>
    public void Release(RowFate fate, string? reason)
    {
        (Quarantined, Rows) = (Quarantined - 1, Rows - 1);
        Add(fate, reason);
    }
}
