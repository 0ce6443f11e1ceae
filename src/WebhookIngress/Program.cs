using Redbark.Sync.Hosting;
using Redbark.Sync.Ingress;

var builder = WebApplication.CreateBuilder(args);
builder.AddHostLogging();
builder.AddIngress();
builder.AddIngressBus();

await using var app = builder.Build();
app.MapIngress();
return await app.RunToEndAsync();
