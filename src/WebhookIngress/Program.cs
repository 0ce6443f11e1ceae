using Redbark.Sync.Hosting;
using Redbark.Sync.Hosting.Telemetry;
using Redbark.Sync.Ingress;

if (args is [HealthProbe.Command])
    return await HealthProbe.RunAsync();

var builder = WebApplication.CreateBuilder(args);
builder.AddHostLogging();
builder.AddTelemetry("redbark-sync-ingress");
// What is added first stops last: the relay needs the bus until the end, and the server's last requests need the relay.
builder.AddIngressBus();
builder.AddIngress();

await using var app = builder.Build();
app.MapIngress();
return await app.RunToEndAsync();
