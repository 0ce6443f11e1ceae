using Npgsql;

namespace Redbark.Sync.Worker.Database;

/// <summary>Columns that may be null.</summary>
internal static class Readers
{
    public static T? Value<T>(this NpgsqlDataReader reader, int column) where T : class => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    public static T? Number<T>(this NpgsqlDataReader reader, int column) where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    public static DateTimeOffset? Time(this NpgsqlDataReader reader, int column) => reader.Number<DateTimeOffset>(column);
}
