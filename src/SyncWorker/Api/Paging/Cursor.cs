using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Worker.Api.Paging;

/// <summary>Where a page ended: the last row's place in the order of its list. It stays good when rows come or go.</summary>
internal interface ICursor<TSelf> where TSelf : ICursor<TSelf>
{
    static abstract JsonTypeInfo<TSelf> Json { get; }

    /// <summary>False for what no page could have written.</summary>
    bool IsUsable => true;
}

/// <summary>Cursors as clients see them: base64url without a meaning of theirs.</summary>
internal static class Cursor
{
    public static string Write<TCursor>(TCursor cursor) where TCursor : class, ICursor<TCursor> =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(cursor, TCursor.Json));

    public static bool TryRead<TCursor>(string text, [NotNullWhen(true)] out TCursor? cursor) where TCursor : class, ICursor<TCursor>
    {
        cursor = null;
        try
        {
            cursor = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(text), TCursor.Json);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            return false;
        }

        return cursor is { IsUsable: true };
    }
}

/// <summary>In lists ordered by id.</summary>
internal sealed record IdCursor(long Id) : ICursor<IdCursor>
{
    public static JsonTypeInfo<IdCursor> Json => CursorJson.Default.IdCursor;
}

/// <summary>In lists ordered by day and id.</summary>
internal sealed record DayCursor(DateOnly Day, long Id) : ICursor<DayCursor>
{
    public static JsonTypeInfo<DayCursor> Json => CursorJson.Default.DayCursor;
}

/// <summary>In the versions of one entry.</summary>
internal sealed record RevisionCursor(int Revision) : ICursor<RevisionCursor>
{
    public static JsonTypeInfo<RevisionCursor> Json => CursorJson.Default.RevisionCursor;
}

/// <summary>In the deliveries.</summary>
internal sealed record DeliveryCursor(DateTime ReceivedAt, Guid Delivery) : ICursor<DeliveryCursor>
{
    public static JsonTypeInfo<DeliveryCursor> Json => CursorJson.Default.DeliveryCursor;

    public bool IsUsable => ReceivedAt.Kind == DateTimeKind.Utc;
}

/// <summary>In the positions.</summary>
internal sealed record PositionCursor(long AccountId, string Symbol) : ICursor<PositionCursor>
{
    public static JsonTypeInfo<PositionCursor> Json => CursorJson.Default.PositionCursor;

    public bool IsUsable => !Text.IsDirty(Symbol);
}

/// <summary>In the sync runs.</summary>
internal sealed record RunCursor(DateTime LastAt, string Feed, string RunId, string Type) : ICursor<RunCursor>
{
    public static JsonTypeInfo<RunCursor> Json => CursorJson.Default.RunCursor;

    public bool IsUsable => LastAt.Kind == DateTimeKind.Utc && !Text.IsDirty(Feed) && !Text.IsDirty(RunId) && !Text.IsDirty(Type);
}

/// <summary>In the runs of a job.</summary>
internal sealed record JobRunCursor(DateTime StartedAt, Guid Run) : ICursor<JobRunCursor>
{
    public static JsonTypeInfo<JobRunCursor> Json => CursorJson.Default.JobRunCursor;

    public bool IsUsable => StartedAt.Kind == DateTimeKind.Utc;
}

/// <summary>In the readings of one balance.</summary>
internal sealed record ReadingCursor(DateTime RetrievedAt, long Reading) : ICursor<ReadingCursor>
{
    public static JsonTypeInfo<ReadingCursor> Json => CursorJson.Default.ReadingCursor;

    public bool IsUsable => RetrievedAt.Kind == DateTimeKind.Utc;
}

/// <summary>In the connections.</summary>
internal sealed record ConnectionCursor(string Provider, string ConnectionId) : ICursor<ConnectionCursor>
{
    public static JsonTypeInfo<ConnectionCursor> Json => CursorJson.Default.ConnectionCursor;

    public bool IsUsable => !Text.IsDirty(Provider) && !Text.IsDirty(ConnectionId);
}

/// <summary>In the proofs.</summary>
internal sealed record ProofCursor(long AccountId, long ProviderAccountId, string Subject) : ICursor<ProofCursor>
{
    public static JsonTypeInfo<ProofCursor> Json => CursorJson.Default.ProofCursor;

    public bool IsUsable => !Text.IsDirty(Subject);
}

/// <summary>In the changes of an account's proofs.</summary>
internal sealed record ProofChangeCursor(DateTime ChangedAt, long ProviderAccountId, string Subject) : ICursor<ProofChangeCursor>
{
    public static JsonTypeInfo<ProofChangeCursor> Json => CursorJson.Default.ProofChangeCursor;

    public bool IsUsable => ChangedAt.Kind == DateTimeKind.Utc && !Text.IsDirty(Subject);
}

/// <summary>In the links that people made.</summary>
internal sealed record LinkCursor(DateTime Since, long Row) : ICursor<LinkCursor>
{
    public static JsonTypeInfo<LinkCursor> Json => CursorJson.Default.LinkCursor;

    public bool IsUsable => Since.Kind == DateTimeKind.Utc;
}

/// <summary>In the pairs that people rejected.</summary>
internal sealed record RejectionCursor(long Decision, long Row) : ICursor<RejectionCursor>
{
    public static JsonTypeInfo<RejectionCursor> Json => CursorJson.Default.RejectionCursor;

    public bool IsUsable => true;
}

/// <summary>In the audit log.</summary>
internal sealed record AuditCursor(DateTime At, Guid Entry) : ICursor<AuditCursor>
{
    public static JsonTypeInfo<AuditCursor> Json => CursorJson.Default.AuditCursor;

    public bool IsUsable => At.Kind == DateTimeKind.Utc;
}

/// <summary>Strict, so that a cursor of one list is not taken for one of another.</summary>
[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(IdCursor))]
[JsonSerializable(typeof(DayCursor))]
[JsonSerializable(typeof(RevisionCursor))]
[JsonSerializable(typeof(DeliveryCursor))]
[JsonSerializable(typeof(PositionCursor))]
[JsonSerializable(typeof(RunCursor))]
[JsonSerializable(typeof(JobRunCursor))]
[JsonSerializable(typeof(ReadingCursor))]
[JsonSerializable(typeof(ConnectionCursor))]
[JsonSerializable(typeof(ProofCursor))]
[JsonSerializable(typeof(ProofChangeCursor))]
[JsonSerializable(typeof(AuditCursor))]
[JsonSerializable(typeof(LinkCursor))]
[JsonSerializable(typeof(RejectionCursor))]
internal sealed partial class CursorJson : JsonSerializerContext;
