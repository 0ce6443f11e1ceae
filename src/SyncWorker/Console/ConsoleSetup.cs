using Redbark.Sync.Worker.Console.Actions;
using Redbark.Sync.Worker.Console.Assets;
using Redbark.Sync.Worker.Console.Deliveries;
using Redbark.Sync.Worker.Console.Gaps;
using Redbark.Sync.Worker.Console.Jobs;
using Redbark.Sync.Worker.Console.Operations;
using Redbark.Sync.Worker.Console.Overview;
using Redbark.Sync.Worker.Console.Problems;
using Redbark.Sync.Worker.Console.Quarantine;
using Redbark.Sync.Worker.Console.Settings;
using Redbark.Sync.Worker.Console.Suggestions;
using Redbark.Sync.Worker.SignIn;

namespace Redbark.Sync.Worker.Console;

/// <summary>The console: pages that are rendered here and nowhere else.</summary>
internal static class ConsoleSetup
{
    public static WebApplicationBuilder AddConsole(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<Notices>();
        builder.Services.AddScoped<OverviewReader>();
        builder.Services.AddSingleton<ShownSettings>();
        return builder;
    }

    /// <summary>Comes before sign-in, whose errors it answers too.</summary>
    public static void UseConsoleProblems(this WebApplication app) =>
        app.UseWhen(context => IsConsole(context.Request), console => console.UseMiddleware<ConsoleProblems>());

    public static WebApplication MapConsole(this WebApplication app)
    {
        app.MapAssets();
        app.MapSignIn();
        app.MapRazorComponents<App>().RequireAuthorization(Access.SignedIn);
        var actions = app.MapGroup("").RequireAuthorization(Access.SignedIn).ExcludeFromDescription();
        actions.MapDeliveryActions();
        actions.MapGapActions();
        actions.MapOperationActions();
        actions.MapJobActions();
        actions.MapSettingsActions();
        actions.MapQuarantineActions();
        actions.MapSuggestionActions();
        return app;
    }

    private static bool IsConsole(HttpRequest request) =>
        !Challenge.IsApi(request) && !request.Path.StartsWithSegments("/webhooks") && !request.Path.StartsWithSegments("/health")
        && !request.Path.StartsWithSegments("/hangfire");
}
