using Redbark.Sync.Hosting;
using Redbark.Sync.Hosting.Telemetry;
using Redbark.Sync.Ingress;

if (args is [HealthProbe.Command])
    return await HealthProbe.RunAsync();

var builder = WebApplication.CreateBuilder(args);
builder.AddHostLogging();
builder.AddTelemetry("redbark-sync-ingress");
builder.AddIngress();
builder.AddIngressBus();

await using var app = builder.Build();
app.MapIngress();
return await app.RunToEndAsync();
