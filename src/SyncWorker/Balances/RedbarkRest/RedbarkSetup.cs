using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Balances.RedbarkRest;

/// <summary>Redbark's REST: one client, and the balances it reads.</summary>
internal static class RedbarkSetup
{
    public static WebApplicationBuilder AddRedbarkRest(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RedbarkOptions>().Configure<IConfiguration>(RedbarkOptions.Read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RedbarkOptions>, RedbarkOptionsValidator>();
        services.AddSingleton(provider => RedbarkAccess.Create(provider.GetRequiredService<IOptions<RedbarkOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IBalanceProvider, RedbarkBalanceProvider>();
        return builder;
    }
}
