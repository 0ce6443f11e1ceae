using Hangfire;
using Redbark.Sync.Worker.Api.Authentication;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>Hangfire's dashboard, for whoever may use the API. Where a request comes from does not count.</summary>
internal static class Dashboard
{
    public const string Root = "/hangfire";
    private const string Policy = BearerHandler.SchemeName;

    public static void MapDashboard(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root), dashboard => dashboard.Use(WhenTheDatabaseAnswersAsync));
        app.MapHangfireDashboard(Root, new DashboardOptions
        {
            // Twice on purpose: the route is closed, and the dashboard is closed should it ever be mapped elsewhere.
            Authorization = [],
            AsyncAuthorization = [new SignedInOnly(Policy)],
            AppPath = null,
            DashboardTitle = "Redbark.Sync jobs",
            DisplayStorageConnectionString = false,
            IgnoreAntiforgeryToken = false,
        }).RequireAuthorization(Policy);
    }

    private static async Task WhenTheDatabaseAnswersAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (context.RequestServices.GetRequiredService<DatabaseReadiness>().IsReady)
            {
                await next(context);
                return;
            }
        }
        catch (Exception error) when (TransientFaults.IsTransient(error) && !context.Response.HasStarted)
        {
            context.Response.Clear();
        }

        await ApiProblem.DatabaseUnavailable().ExecuteAsync(context);
    }
}
