using Npgsql;
using NpgsqlTypes;

namespace Redbark.Sync.Worker.Database;

/// <summary>Positional parameters, typed, so that nothing is boxed or guessed.</summary>
internal static class Commands
{
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return command;
    }

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long value) => command.With(value, NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, int value) => command.With(value, NpgsqlDbType.Integer);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, int? value) => command.With<object>((object?)value ?? DBNull.Value, NpgsqlDbType.Integer);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long? value) => command.With<object>((object?)value ?? DBNull.Value, NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, decimal? value) => command.With<object>((object?)value ?? DBNull.Value, NpgsqlDbType.Numeric);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Guid value) => command.With(value, NpgsqlDbType.Uuid);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Guid? value) => command.With<object>((object?)value ?? DBNull.Value, NpgsqlDbType.Uuid);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string? value) => command.With(value, NpgsqlDbType.Text);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTimeOffset value) => command.With(value.UtcDateTime, NpgsqlDbType.TimestampTz);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTimeOffset? value) =>
        command.With<object>((object?)value?.UtcDateTime ?? DBNull.Value, NpgsqlDbType.TimestampTz);

    /// <summary>An array with one element an item.</summary>
    public static NpgsqlBatchCommand WithEach<TItem, T>(this NpgsqlBatchCommand command, IReadOnlyList<TItem> items, Func<TItem, T> value, NpgsqlDbType type)
    {
        var array = new T[items.Count];
        for (var i = 0; i < array.Length; i++)
            array[i] = value(items[i]);
        return command.With(array, NpgsqlDbType.Array | type);
    }

    public static async Task<int> ExecuteAsync(this NpgsqlBatch batch, CancellationToken cancellation) =>
        batch.BatchCommands.Count == 0 ? 0 : await batch.ExecuteNonQueryAsync(cancellation);
}
