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
        httpContext.RequestServices.GetRequiredService<Notices>().Leave(
            httpContext, AuditFilter.ProblemOf(inner) is { } problem ? new Notice(false, problem.ProblemDetails.Detail ?? "It was refused.") : new Notice(true, done));
        return new SeeOther(back).ExecuteAsync(httpContext);
    }
}
