using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Redbark.Sync.Worker.Api.Problems;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>
/// Whatever changes something and comes with a session needs an antiforgery token, on the API too: a browser sends the cookie by itself.
/// A bearer token no browser sends by itself.
/// </summary>
internal sealed class AntiforgeryGuard(RequestDelegate next, IAntiforgery antiforgery)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsNeeded(context) || await IsValidAsync(context))
            await next(context);
        else if (Challenge.TakesHtml(context.Request) && !Challenge.IsApi(context.Request))
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        else
            await ApiProblem.AntiforgeryInvalid().ExecuteAsync(context);
    }

    private async Task<bool> IsValidAsync(HttpContext context)
    {
        try
        {
            await antiforgery.ValidateRequestAsync(context);
            return true;
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }

    private static bool IsNeeded(HttpContext context)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method))
            return false;
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<AntiforgeryNeeded>() is not null)
            return true;
        return Sessions.IsSession(context.User) && endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is null;
    }
}

/// <summary>Marks a form that is posted without a session: that of signing in.</summary>
internal sealed class AntiforgeryNeeded;
