using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Audit;

namespace Redbark.Sync.Worker.Console.Quarantine;

/// <summary>The page again, with why a correction cannot be used and what was typed.</summary>
internal sealed class RefusedEdit(ProblemHttpResult problem, string id, string json, string note) : IResult, IAudited
{
    public IResult Inner => problem;

    public Task ExecuteAsync(HttpContext httpContext) => new RazorComponentResult<QuarantineItemPage>(new Dictionary<string, object?>
    {
        [nameof(QuarantineItemPage.Id)] = id,
        [nameof(QuarantineItemPage.Problem)] = (AuditFilter.Outcome(problem).Reason ?? "", problem.ProblemDetails.Detail ?? ""),
        [nameof(QuarantineItemPage.Typed)] = json,
        [nameof(QuarantineItemPage.TypedNote)] = note,
    })
    { StatusCode = problem.StatusCode }.ExecuteAsync(httpContext);
}
