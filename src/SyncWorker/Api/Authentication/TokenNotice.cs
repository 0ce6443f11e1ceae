using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Api.Authentication;

/// <summary>Says at start when no program can use the API.</summary>
internal sealed partial class TokenNotice(IOptions<ApiTokenOptions> tokens, ILogger<TokenNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (tokens.Value.Values.Count == 0)
            Log.NobodyCanSignIn(logger, ApiTokenOptions.Key, ApiTokenOptions.ShortestToken);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No API token is configured: no program can use the API. Set {Key}:0 to {Length} or more random characters")]
        public static partial void NobodyCanSignIn(ILogger logger, string key, int length);
    }
}
