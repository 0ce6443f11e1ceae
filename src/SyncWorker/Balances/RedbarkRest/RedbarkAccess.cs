using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Worker.Balances.RedbarkRest;

/// <summary>The one client of REST, when the settings have a key: its limits count for all who read.</summary>
internal sealed class RedbarkAccess(RedbarkClient? client) : IDisposable
{
    /// <summary>Why nothing is read; null when it is.</summary>
    public string? DisabledBecause => client is null ? $"{RedbarkOptions.ApiKeyKey} is not set" : null;

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">There is none: see <see cref="DisabledBecause"/>.</exception>
    public RedbarkClient Client => client ?? throw new InvalidOperationException($"Redbark's REST is not read: {DisabledBecause}.");

    public static RedbarkAccess Create(RedbarkOptions options, TimeProvider clock) => new(
        options.Client is { } client ? new RedbarkClient(ProviderHttp.Create(options.BaseUrl, clock, timeout: options.Timeout), client, clock) : null);

    public void Dispose() => client?.Dispose();
}
