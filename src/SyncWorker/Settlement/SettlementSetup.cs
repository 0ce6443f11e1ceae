using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>Settlement's services.</summary>
internal static class SettlementSetup
{
    public static WebApplicationBuilder AddSettlement(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SettlementOptions>().BindConfiguration(SettlementOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SettlementOptions>, SettlementOptionsValidator>();
        services.AddSingleton<SettlementService>();
        services.AddSingleton<IAccountKeeper>(provider => provider.GetRequiredService<SettlementService>());
        services.AddSingleton<DecisionService>();
        services.AddSingleton<IScheduledJob, ExpirePendingJob>();
        return builder;
    }
}
