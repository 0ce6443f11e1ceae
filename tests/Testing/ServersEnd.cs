using Xunit.Sdk;
using Xunit.v3;

namespace Redbark.Sync.Testing;

/// <summary>
/// Stops the private servers when the tests have ended, and not only when the process does: xunit.v3 gives a process that has returned one
/// second before it looks for threads that hold it, and ten before it kills it, and a server's stop takes longer than the first.
/// </summary>
public sealed class ServersEnd : ITestPipelineStartup
{
    public ValueTask StartAsync(IMessageSink diagnosticMessageSink) => ValueTask.CompletedTask;

    public async ValueTask StopAsync() => await TestServers.StopAsync();
}
