using System.Collections.Concurrent;
using System.Diagnostics;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Distributed;

/// <summary><c>samples/EventPrinter</c> beside the real hosts.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_sample_consumer_prints_the_events_of_a_delivery()
    {
        await using var database = await TestServers.CreateDatabaseAsync();
        await using var broker = await TestServers.CreateVirtualHostAsync();
        await using var stack = new DistributedStack(database.ConnectionString, broker.ConnectionString);
        await stack.StartAsync();

        var printed = new ConcurrentQueue<string>();
        using var sample = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Redbark.Sync.Samples.EventPrinter.dll"), broker.ConnectionString])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            sample.OutputDataReceived += (_, line) => printed.Enqueue(line.Data ?? "");
            sample.ErrorDataReceived += (_, line) => printed.Enqueue(line.Data ?? "");
            sample.BeginOutputReadLine();
            sample.BeginErrorReadLine();
            await Eventually.HoldsAsync(() => Task.FromResult(printed.Contains("Listening.")), "the sample listens", Said);

            await stack.Sender.SendAsync(1);
            await Eventually.EqualsAsync(2, () => Task.FromResult(printed.Count(line => line.StartsWith("TransactionRecorded ", StringComparison.Ordinal))), Said);
        }
        finally
        {
            sample.Kill();
            await sample.WaitForExitAsync();
        }

        string Said() => $"{string.Join('\n', printed)}\n────\n{stack.Output}";
    }
}
