using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Gaps.Sources;
using Redbark.Sync.Worker.Gaps.Reading;
using Redbark.Sync.Worker.Gaps.Store;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Gaps;

/// <summary>Finding and healing what did not come.</summary>
internal static class GapSetup
{
    public static WebApplicationBuilder AddGaps(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GapOptions>().BindConfiguration(GapOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GapOptions>, GapOptionsValidator>();
        services.AddSingleton<GapStore>();
        services.AddSingleton<GapMetrics>();
        services.AddSingleton<IGapSource, ChunkGaps>();
        services.AddSingleton<DriftGaps>();
        services.AddSingleton<IGapSource>(provider => provider.GetRequiredService<DriftGaps>());
        services.AddSingleton<IGapSource, SilenceGaps>();
        services.AddSingleton<GapFinder>();
        services.AddSingleton<AccountReader>();
        services.AddSingleton<GapHealer>();
        services.AddJob<HealGapsJob>();
        return builder;
    }
}
