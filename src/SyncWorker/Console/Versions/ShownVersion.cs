namespace Redbark.Sync.Worker.Console.Versions;

/// <summary>A version of a row, field by field.</summary>
internal sealed record ShownVersion(
    int Revision, DateTime ObservedAt, DateTime RecordedAt, DateTime? SupersededAt, Guid DeliveryId, bool Removed, IReadOnlyList<VersionField> Fields)
{
    /// <summary>The fields in which it differs from the version before.</summary>
    public IEnumerable<(string Name, string? Before, string? After)> ChangesFrom(ShownVersion before) =>
        Fields.Zip(before.Fields).Where(pair => pair.First.Value != pair.Second.Value).Select(pair => (pair.First.Name, pair.Second.Value, pair.First.Value));
}

/// <summary>A field, as people call it.</summary>
internal sealed record VersionField(string Name, string? Value);
