using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Hosting;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Distributed;

/// <summary>What a container's health check asks.</summary>
public sealed class HealthCommandTests
{
    [Fact]
    public async Task It_says_ready_not_ready_or_that_nobody_answers()
    {
        await using var stack = new DistributedStack("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing", "amqp://nobody@127.0.0.1:1/");
        await stack.StartAsync();
        // As the image sets it: the server's "every address".
        Assert.Equal(0, await HealthProbe.AskAsync($"http://+:{stack.Ingress.Address.Port}"));
        Assert.Equal(1, await HealthProbe.AskAsync($"http://*:{stack.Workers[0].Address.Port};http://127.0.0.1:1"));
        await stack.Ingress.StopAsync();
        Assert.Equal(3, await HealthProbe.AskAsync($"http://0.0.0.0:{stack.Ingress.Address.Port}"));
    }
}
