using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Audit;

namespace Redbark.Sync.Worker.Console.Actions;

/// <summary>An answer of the API to a form: on to a page when it was done, else the form again, as it was filled in, with what is wrong.</summary>
/// <typeparam name="TPage">The page that the form stands on; it takes <c>Problem</c> and what the form holds.</typeparam>
/// <param name="inner">What the API answers.</param>
/// <param name="done">The sentence when it was done, and the page that follows.</param>
/// <param name="form">What the form holds, by the page's parameters.</param>
internal sealed class FormResult<TPage>(INestedHttpResult inner, Func<(string Text, string Path)> done, Dictionary<string, object?> form) : IResult, IAudited
    where TPage : IComponent
{
    public IResult Inner => inner.Result;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (inner.Result is ProblemHttpResult problem)
        {
            form["Problem"] = problem.ProblemDetails.Detail;
            return new RazorComponentResult<TPage>(form) { StatusCode = problem.StatusCode }.ExecuteAsync(httpContext);
        }

        var (text, path) = done();
        httpContext.RequestServices.GetRequiredService<Notices>().Leave(httpContext, new Notice(true, text));
        return new SeeOther(path).ExecuteAsync(httpContext);
    }
}
