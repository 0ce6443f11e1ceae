using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Api.Accounts;
using Redbark.Sync.Worker.Api.Authentication;
using Redbark.Sync.Worker.Api.Balances;
using Redbark.Sync.Worker.Api.Deliveries;
using Redbark.Sync.Worker.Api.Export;
using Redbark.Sync.Worker.Api.Feeds;
using Redbark.Sync.Worker.Api.Gaps;
using Redbark.Sync.Worker.Api.Jobs;
using Redbark.Sync.Worker.Api.OpenApi;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Api.Quarantine;
using Redbark.Sync.Worker.Api.Reconciliation;
using Redbark.Sync.Worker.Api.Runs;
using Redbark.Sync.Worker.Api.Settlements;
using Redbark.Sync.Worker.Api.Trades;
using Redbark.Sync.Worker.Api.Transactions;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api;

/// <summary>The HTTP API under <c>/api/v1</c>, and who may use it.</summary>
internal static class ApiSetup
{
    public const string Root = "/api/v1";

    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ApiTokenOptions>().Configure<IConfiguration>(ApiTokenOptions.Read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiTokenOptions>, ApiTokenOptionsValidator>();
        services.AddHostedService<TokenNotice>();

        // Denied by default: whoever adds a route that anybody may use has to say so there.
        var signedIn = new AuthorizationPolicyBuilder(BearerHandler.SchemeName).RequireAuthenticatedUser().Build();
        services.AddAuthentication(BearerHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(signedIn).AddPolicy(BearerHandler.SchemeName, signedIn);

        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<LedgerDbContext>>().CreateDbContext());
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddApiDocument();
        return builder;
    }

    public static WebApplication MapApi(this WebApplication app)
    {
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Root) || context.Request.Path.StartsWithSegments(ApiDocument.Root),
            api => api
                .UseExceptionHandler(new ExceptionHandlerOptions
                {
                    ExceptionHandler = context => ApiProblem.OfStatus(context.Response.StatusCode).ExecuteAsync(context),
                })
                .UseStatusCodePages(context => ApiProblem.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext)));

        app.MapOpenApi().RequireAuthorization(BearerHandler.SchemeName);
        var api = app.MapGroup(Root)
            .RequireAuthorization(BearerHandler.SchemeName)
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
        return app;
    }
}
