using Hangfire.Dashboard;
using Microsoft.AspNetCore.Authorization;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>Lets in whom a policy of the host lets in. Hangfire's own default lets in what seems to come from this machine, as everything does behind a proxy.</summary>
internal sealed class SignedInOnly(string policy) : IDashboardAsyncAuthorizationFilter
{
    public async Task<bool> AuthorizeAsync(DashboardContext context)
    {
        var http = context.GetHttpContext();
        return http.User.Identity is { IsAuthenticated: true }
            && (await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, http, policy)).Succeeded;
    }
}
