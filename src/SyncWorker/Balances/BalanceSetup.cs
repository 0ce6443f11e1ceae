using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Balances.Polling;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Balances;

/// <summary>The balances: what keeps them and what polls them. The providers are added by their own parts.</summary>
internal static class BalanceSetup
{
    public static WebApplicationBuilder AddBalances(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<BalanceOptions>().Configure<IConfiguration>(BalanceOptions.Read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BalanceOptions>, BalanceOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<BalanceOptions>>().Value);
        services.AddSingleton<ICallBudget, PostgresCallBudget>();
        services.AddSingleton<IRefreshTokens, PostgresRefreshTokens>();
        services.AddSingleton<ConnectionStore>();
        services.AddSingleton<AccountLinks>();
        services.AddSingleton<BalanceStore>();
        services.AddSingleton<BalanceMetrics>();
        services.AddSingleton<PollTimes>();
        services.AddSingleton<AccountListing>();
        services.AddSingleton<IScheduledJob, SyncAccountsJob>();
        services.AddPoll("redbark", times => times.Hourly);
        services.AddPoll("revolut", times => times.EightHourly);
        services.AddPoll("tokenio", times => times.EightHourly);
        services.AddHostedService<BalanceAges>();
        return builder;
    }

    private static void AddPoll(this IServiceCollection services, string provider, Func<PollTimes, Func<string, string>> cron) =>
        services.AddSingleton<IScheduledJob>(container => ActivatorUtilities.CreateInstance<PollBalancesJob>(
            container, provider, cron(container.GetRequiredService<PollTimes>())));
}
