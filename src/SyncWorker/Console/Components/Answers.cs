using Microsoft.AspNetCore.Http.HttpResults;

namespace Redbark.Sync.Worker.Console.Components;

/// <summary>What the API's handlers answer, for a page that asks them itself.</summary>
internal static class Answers
{
    /// <summary>The value of an answer; null for what could not be used, which the page then says, under the answer's status.</summary>
    /// <exception cref="BadHttpRequestException">What the page is about does not exist.</exception>
    public static T? Take<T>(this INestedHttpResult answer, HttpContext http, out string? problem) where T : class
    {
        problem = null;
        switch (answer.Result)
        {
            case IValueHttpResult<T> { Value: { } value }:
                return value;
            case ProblemHttpResult { StatusCode: StatusCodes.Status404NotFound } unknown:
                throw new BadHttpRequestException(unknown.ProblemDetails.Detail!, StatusCodes.Status404NotFound);
            case ProblemHttpResult refused:
                problem = refused.ProblemDetails.Detail;
                http.Response.StatusCode = refused.StatusCode;
                return null;
            default:
                throw new InvalidOperationException($"{answer.Result.GetType().Name} is no answer with a {typeof(T).Name}.");
        }
    }

    /// <summary>What stands in a field of a form; null for one that was left empty.</summary>
    public static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
