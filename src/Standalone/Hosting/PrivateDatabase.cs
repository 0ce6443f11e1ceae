using Microsoft.Extensions.Options;
using Redbark.Sync.Standalone.Database;

namespace Redbark.Sync.Standalone.Hosting;

/// <summary>
/// Starts the private server beside the web server, so that deliveries are accepted while the database is still recovering, and stops it
/// after everything that uses it: the container disposes the server last, because it made it first.
/// </summary>
internal sealed partial class PrivateDatabase(
    PostgresServer server, IHostApplicationLifetime lifetime, StartFailure failure, ILogger<PrivateDatabase> logger) : IHostedService, IDisposable
{
    public const string Name = "redbark";

    private readonly CancellationTokenSource _stopping = new();
    private Task _starting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(() => BringUpAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _starting;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task BringUpAsync(CancellationToken stopping)
    {
        try
        {
            await server.StartAsync(stopping);
            await server.EnsureDatabaseAsync(Name, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before it was up.
        }
        catch (Exception error)
        {
            LogFailed(error);
            failure.Message = error.Message;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(LogLevel.Critical, "The private database cannot be had; stopping")]
    private partial void LogFailed(Exception error);
}

/// <summary>Why the process stopped by itself; null while it has not.</summary>
internal sealed class StartFailure
{
    public string? Message { get; set; }
}
