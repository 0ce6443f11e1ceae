using Hangfire;
using Npgsql;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.SignIn;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>Hangfire's dashboard, for whoever is signed in, by session or token. Where a request comes from does not count.</summary>
internal static class Dashboard
{
    public const string Root = "/hangfire";

    public static void MapDashboard(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root), dashboard => dashboard.Use(WhenTheDatabaseAnswersAsync));
        app.MapHangfireDashboard(Root, new DashboardOptions
        {
            // Twice on purpose: the route is closed, and the dashboard is closed should it ever be mapped elsewhere.
            Authorization = [],
            AsyncAuthorization = [new SignedInOnly(Access.SignedIn)],
            AppPath = "/jobs",
            DashboardTitle = "Redbark.Sync jobs",
            DisplayStorageConnectionString = false,
            IgnoreAntiforgeryToken = false,
        }).RequireAuthorization(Access.SignedIn);
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
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable && !context.Response.HasStarted)
        {
            context.Response.Clear();
            await ApiProblem.Conflict("schedule_not_started", "No worker has run the schedule on this database yet, so Hangfire has nothing to show. Schedule:Enabled says whether one does.")
                .ExecuteAsync(context);
            return;
        }

        await ApiProblem.DatabaseUnavailable().ExecuteAsync(context);
    }
}
