using System.Globalization;
using Hangfire;
using Npgsql;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Audit;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.SignIn;

namespace Redbark.Sync.Worker.Scheduling.Adapter;

/// <summary>Hangfire's dashboard, for whoever is signed in, by session or token. Where a request comes from does not count.</summary>
internal static class Dashboard
{
    public const string Root = "/hangfire";

    public static void MapDashboard(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Root), dashboard => dashboard.Use(WhenTheDatabaseAnswersAsync).Use(WriteDownAsync));
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

    /// <summary>Writes down what is done there, with the jobs that it is done to.</summary>
    private static async Task WriteDownAsync(HttpContext context, RequestDelegate next)
    {
        // The page asks for its figures by POST too.
        if (!HttpMethods.IsPost(context.Request.Method) || context.Request.Path.StartsWithSegments($"{Root}/stats"))
        {
            await next(context);
            return;
        }

        var audit = context.RequestServices.GetRequiredService<AuditLog>();
        try
        {
            await next(context);
        }
        catch (Exception error)
        {
            await audit.RecordAsync(context, AuditAction.Hangfire, await SubjectAsync(context), AuditOutcome.Failed, error.GetType().Name);
            throw;
        }

        var status = context.Response.StatusCode;
        await audit.RecordAsync(
            context, AuditAction.Hangfire, await SubjectAsync(context),
            status < 400 ? AuditOutcome.Done : status < 500 ? AuditOutcome.Refused : AuditOutcome.Failed,
            status < 400 ? null : $"status_{status.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>The command, and the jobs that the form names.</summary>
    private static async Task<string> SubjectAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        try
        {
            return context.Request.HasFormContentType ? string.Join(' ', [path, .. (await context.Request.ReadFormAsync(context.RequestAborted))["jobs[]"]]) : path;
        }
        catch (Exception unread) when (unread is IOException or InvalidDataException or BadHttpRequestException or OperationCanceledException)
        {
            return path;
        }
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
