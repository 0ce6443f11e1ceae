using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Export;

/// <summary>The way out: the ledger as plain-text accounting and CSV.</summary>
internal static class ExportSetup
{
    public static WebApplicationBuilder AddExport(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ExportOptions>().BindConfiguration(ExportOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExportOptions>, ExportOptionsValidator>();
        services.AddSingleton<LedgerExporter>();
        return builder;
    }
}
