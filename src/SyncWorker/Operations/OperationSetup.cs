using Redbark.Sync.Worker.Operations.Kinds;

namespace Redbark.Sync.Worker.Operations;

/// <summary>Long work that somebody asks for.</summary>
internal static class OperationSetup
{
    public static WebApplicationBuilder AddOperations(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<OperationSignal>();
        services.AddSingleton<OperationStore>();
        services.AddSingleton<IOperationWork, ReplayWork>();
        services.AddSingleton<IOperationWork, BackfillWork>();
        services.AddSingleton<OperationRunner>();
        services.AddHostedService<OperationService>();
        return builder;
    }
}
