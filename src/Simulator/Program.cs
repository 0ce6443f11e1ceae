using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Control;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.WebHost.UseUrls($"http://127.0.0.1:{SimulatorSettings.Port(builder.Configuration)}");
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

    await using var redbark = SimulatedRedbark.Create(SimulatorSettings.Read(builder.Configuration));
    var app = builder.Build();
    redbark.Map(app);
    await app.RunAsync();
    return 0;
}
catch (SimulatorSettingException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 2;
}
