using System.Net.Sockets;
using Npgsql;

namespace Redbark.Sync.Worker.Database;

/// <summary>Tells a fault that passes by itself (the server is away, starting, stopping, or two transactions met) from one that repeats.</summary>
internal static class TransientFaults
{
    /// <summary>True when the same work can succeed later without anybody changing anything.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        // A unique violation here is two workers adding the same thing at once: the second look finds it there.
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.IdleSessionTimeout or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException npgsql => npgsql.IsTransient || npgsql.InnerException is IOException or SocketException or TimeoutException,
        SocketException or TimeoutException => true,
        // What EF Core and the connection pool throw around the cause.
        InvalidOperationException { InnerException: NpgsqlException inner } => IsTransient(inner),
        _ => false,
    };
}
