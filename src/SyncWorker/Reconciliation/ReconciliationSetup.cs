using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Reconciliation;

/// <summary>The proof of the accounts.</summary>
internal static class ReconciliationSetup
{
    public static WebApplicationBuilder AddReconciliation(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ReconciliationOptions>().BindConfiguration(ReconciliationOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReconciliationOptions>, ReconciliationOptionsValidator>();
        services.AddSingleton<IAccountKeeper, Reconciler>();
        services.AddSingleton<IScheduledJob, ReconcileJob>();
        return builder;
    }
}
