using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace Redbark.Sync.Hosting;

/// <summary>Tells a broker that is away from a bus that is stuck.</summary>
public interface IBrokerProbe
{
    /// <summary>Whether the broker lets itself be connected to.</summary>
    Task<bool> AnswersAsync(CancellationToken cancellation);
}

/// <summary>Connects to RabbitMQ, and at once ends the connection.</summary>
internal sealed class BrokerProbe(IConfiguration configuration) : IBrokerProbe
{
    public async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = RabbitMq.AddressOf(configuration), AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancellation);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is: then it is the broker that is away.
            return false;
        }
    }
}
