using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Accounts;
using Redbark.Sync.Worker.Api.Accounts.History;
using Redbark.Sync.Worker.Api.Audit;
using Redbark.Sync.Worker.Api.Balances;
using Redbark.Sync.Worker.Api.Deliveries;
using Redbark.Sync.Worker.Api.Export;
using Redbark.Sync.Worker.Api.Feeds;
using Redbark.Sync.Worker.Api.Gaps;
using Redbark.Sync.Worker.Api.Jobs;
using Redbark.Sync.Worker.Api.OpenApi;
using Redbark.Sync.Worker.Api.Operations;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Api.Quarantine;
using Redbark.Sync.Worker.Api.Reconciliation;
using Redbark.Sync.Worker.Api.Runs;
using Redbark.Sync.Worker.Api.Settlements;
using Redbark.Sync.Worker.Api.Trades;
using Redbark.Sync.Worker.Api.Transactions;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.SignIn;

namespace Redbark.Sync.Worker.Api;

/// <summary>The HTTP API under <c>/api/v1</c>.</summary>
internal static class ApiSetup
{
    public const string Root = "/api/v1";

    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<LedgerDbContext>>().CreateDbContext());
        services.AddScoped<DeliveryRows>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddScoped<BalanceHistoryReader>();
        services.AddApiDocument();
        return builder;
    }

    public static void UseApiProblems(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(Root) || context.Request.Path.StartsWithSegments(ApiDocument.Root),
        api => api
            .UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = context => ApiProblem.OfStatus(context.Response.StatusCode).ExecuteAsync(context),
            })
            .UseStatusCodePages(context => ApiProblem.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext)));

    public static WebApplication MapApi(this WebApplication app)
    {
        app.MapOpenApi().RequireAuthorization(Access.SignedIn);
        var api = app.MapGroup(Root)
            .RequireAuthorization(Access.SignedIn)
            .AddEndpointFilter<RouteGroupBuilder, DatabaseFilter>()
            .ProducesProblem(401).ProducesProblem(503);
        api.MapAccounts();
        api.MapTransactions();
        api.MapTrades();
        api.MapDeliveries();
        api.MapQuarantine();
        api.MapRuns();
        api.MapReconciliation();
        api.MapGaps();
        api.MapJobs();
        api.MapFeeds();
        api.MapBalances();
        api.MapSettlements();
        api.MapExport();
        api.MapOperations();
        api.MapAudit();
        return app;
    }
}
