using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Api.Problems;

/// <summary>Answers 503 while the ledger's database is away, or is still being migrated.</summary>
internal sealed partial class DatabaseFilter(DatabaseReadiness readiness, ILogger<DatabaseFilter> logger) : IEndpointFilter
{
    private const string RetryAfterSeconds = "5";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!readiness.IsReady)
            return Unavailable(context.HttpContext);

        try
        {
            return await next(context);
        }
        catch (Exception error) when (TransientFaults.IsTransient(error))
        {
            Log.Away(logger, error.Message);
            return Unavailable(context.HttpContext);
        }
    }

    private static ProblemHttpResult Unavailable(HttpContext http)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return ApiProblem.DatabaseUnavailable();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A request was answered 503, the ledger's database does not answer: {Problem}")]
        public static partial void Away(ILogger logger, string problem);
    }
}
