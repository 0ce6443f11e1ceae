using Redbark.Sync.Hosting;
using Redbark.Sync.Worker;

var builder = WebApplication.CreateBuilder(args);
builder.AddHostLogging();
builder.AddWorker();

await builder.Build().RunAsync();
