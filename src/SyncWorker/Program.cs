using Redbark.Sync.Hosting;
using Redbark.Sync.Worker;

var builder = WebApplication.CreateBuilder(args);
builder.AddHostLogging();
builder.AddWorker();
builder.AddWorkerBus();

var app = builder.Build();
app.MapWorker();
await app.RunAsync();
