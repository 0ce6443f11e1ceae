using Redbark.Sync.Hosting;
using Redbark.Sync.Hosting.Telemetry;
using Redbark.Sync.Worker;

if (args is [HealthProbe.Command])
    return await HealthProbe.RunAsync();

var builder = WebApplication.CreateBuilder(args);
builder.AddHostLogging();
builder.AddTelemetry("redbark-sync-worker");
builder.AddWorker();
builder.AddWorkerBus();

var app = builder.Build();
app.MapWorker();
return await app.RunToEndAsync();
