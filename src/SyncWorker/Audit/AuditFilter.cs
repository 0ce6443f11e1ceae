using Microsoft.AspNetCore.Http.HttpResults;

namespace Redbark.Sync.Worker.Audit;

/// <summary>Writes down what an endpoint does, and how that ended.</summary>
internal static class AuditFilter
{
    private static readonly object Made = new();

    /// <summary>Says what an action made, where the address does not name it.</summary>
    public static void AuditMade(this HttpContext http, string subject) => http.Items[Made] = subject;

    /// <param name="endpoint">An endpoint that changes something.</param>
    /// <param name="action">One of <see cref="AuditAction"/>.</param>
    /// <param name="subject">The names in the route that say what it is done to.</param>
    public static TBuilder Audited<TBuilder>(this TBuilder endpoint, string action, params string[] subject) where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var log = http.RequestServices.GetRequiredService<AuditLog>();
            var id = string.Join(' ', subject.Select(name => http.Request.RouteValues[name]));
            object? answer;
            try
            {
                answer = await next(context);
            }
            catch (Exception error)
            {
                await log.RecordAsync(http, action, id, AuditOutcome.Failed, error.GetType().Name);
                throw;
            }

            var (outcome, reason) = Outcome(answer);
            id = http.Items[Made] as string ?? id;
            await log.RecordAsync(http, action, id, outcome, reason);
            return answer;
        });

    /// <summary>How an action ended, by its answer.</summary>
    public static (string Outcome, string? Reason) Outcome(object? answer) => ProblemOf(answer) is { } problem
        ? (problem.StatusCode < 500 ? AuditOutcome.Refused : AuditOutcome.Failed, problem.ProblemDetails.Extensions.TryGetValue("reason", out var reason) ? reason as string : null)
        : (AuditOutcome.Done, null);

    /// <summary>The problem that an answer is, however it is wrapped.</summary>
    public static ProblemHttpResult? ProblemOf(object? answer) => answer switch
    {
        INestedHttpResult nested => ProblemOf(nested.Result),
        IAudited audited => ProblemOf(audited.Inner),
        _ => answer as ProblemHttpResult,
    };
}

/// <summary>An answer to a person, made of an answer of the API.</summary>
internal interface IAudited
{
    IResult Inner { get; }
}
