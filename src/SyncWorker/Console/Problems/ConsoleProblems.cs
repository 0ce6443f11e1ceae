using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.SignIn;

namespace Redbark.Sync.Worker.Console.Problems;

/// <summary>What went wrong, as a page for people and as a problem for programs.</summary>
internal sealed partial class ConsoleProblems(RequestDelegate next, DatabaseReadiness readiness, ILogger<ConsoleProblems> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Clear();
            context.Response.StatusCode = Status(context, error);
        }

        if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
            await AnswerAsync(context, context.Response.StatusCode);
    }

    private int Status(HttpContext context, Exception error)
    {
        if (error is BadHttpRequestException bad)
            return bad.StatusCode;
        if (!readiness.IsReady || TransientFaults.IsTransient(error))
        {
            context.Response.Headers.RetryAfter = "5";
            Log.Away(logger, error.Message);
            return StatusCodes.Status503ServiceUnavailable;
        }

        Log.Failed(logger, error, context.Request.Path);
        return StatusCodes.Status500InternalServerError;
    }

    private static async Task AnswerAsync(HttpContext context, int status)
    {
        if (!Challenge.TakesHtml(context.Request))
        {
            await (status == 503 ? ApiProblem.DatabaseUnavailable() : ApiProblem.OfStatus(status)).ExecuteAsync(context);
            return;
        }

        var (title, text) = status switch
        {
            404 => ("There is nothing here", "The address is mistyped, or what it named is gone."),
            503 => ("The database does not answer", "Nothing is lost: deliveries wait in the journal. Try again in a few seconds."),
            < 500 => ("That did not work", "The request could not be used. Go back, load the page again and repeat it."),
            _ => ("Something went wrong", "An error that nobody foresaw. The worker's log holds it."),
        };

        // A renderer is made for each scope, and that of the request may be the one that failed.
        await using var scope = context.RequestServices.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        await new RazorComponentResult<ProblemPage>(new Dictionary<string, object?> { [nameof(ProblemPage.Title)] = title, [nameof(ProblemPage.Text)] = text })
        { StatusCode = status }.ExecuteAsync(context);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A page was answered 503, the ledger's database does not answer: {Problem}")]
        public static partial void Away(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Error, "The page {Path} failed")]
        public static partial void Failed(ILogger logger, Exception error, string path);
    }
}
