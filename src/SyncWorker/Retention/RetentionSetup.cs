using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Retention;

/// <summary>Removes what is old.</summary>
internal static class RetentionSetup
{
    public static WebApplicationBuilder AddRetention(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RetentionOptions>().Configure<IConfiguration>(RetentionOptions.Read).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>();
        builder.Services.AddJob<RetentionJob>();
        return builder;
    }
}
