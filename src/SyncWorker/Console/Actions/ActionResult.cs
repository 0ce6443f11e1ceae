using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Audit;

namespace Redbark.Sync.Worker.Console.Actions;

/// <summary>An answer of the API as a person sees it: the page they came from, with a sentence that says what happened.</summary>
/// <param name="inner">What the API answers.</param>
/// <param name="done">The sentence when it was done.</param>
/// <param name="back">The page.</param>
internal sealed class ActionResult(IResult inner, string done, string back) : IResult, IAudited
{
    public IResult Inner => inner;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (outcome, _) = AuditFilter.Outcome(inner);
        httpContext.RequestServices.GetRequiredService<Notices>().Leave(
            httpContext, outcome == AuditOutcome.Done ? new Notice(true, done) : new Notice(false, Problem(inner) ?? "It was refused."));
        return new SeeOther(back).ExecuteAsync(httpContext);
    }

    private static string? Problem(IResult result) => result switch
    {
        INestedHttpResult nested => Problem(nested.Result),
        ProblemHttpResult problem => problem.ProblemDetails.Detail,
        _ => null,
    };
}
