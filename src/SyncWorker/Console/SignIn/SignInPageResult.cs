using Microsoft.AspNetCore.Http.HttpResults;

namespace Redbark.Sync.Worker.Console.SignIn;

/// <summary>The page that asks for the password.</summary>
internal sealed class SignInPageResult(string returnUrl, string? message, bool hasPassword, bool hasOpenId, int status) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => new RazorComponentResult<SignInPage>(new Dictionary<string, object?>
    {
        [nameof(SignInPage.ReturnUrl)] = returnUrl,
        [nameof(SignInPage.Message)] = message,
        [nameof(SignInPage.HasPassword)] = hasPassword,
        [nameof(SignInPage.HasOpenId)] = hasOpenId,
    })
    { StatusCode = status }.ExecuteAsync(httpContext);
}
