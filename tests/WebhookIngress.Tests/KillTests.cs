using System.Collections.Concurrent;
using System.Diagnostics;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

/// <summary>I1 with the real program.</summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("ingress");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Everything_answered_200_before_kill_minus_9_is_in_the_journal_and_the_start_takes_under_3_s_of_processor_time()
    {
        var accepted = new ConcurrentQueue<string>();
        for (var round = 0; round < 3; round++)
        {
            using var ingress = Start(out var address);
            _ = ingress.StandardOutput.ReadToEndAsync();
            _ = ingress.StandardError.ReadToEndAsync();
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            try
            {
                while (!await IsReadyAsync(client))
                {
                    Assert.False(ingress.HasExited, "The ingress ended.");
                    await Task.Delay(20);
                }

                // Not the time on the wall: other tests run beside this one.
                Assert.InRange(ingress.TotalProcessorTime, TimeSpan.Zero, TimeSpan.FromSeconds(3));
                var before = accepted.Count;
                var senders = Enumerable.Range(0, 16).Select(sender => SendAsync(client, round, sender, accepted)).ToList();
                await IngressDriver.UntilAsync(() => accepted.Count > before + 50 + (round * 37));
                ingress.Kill();
                await Task.WhenAll(senders);
            }
            finally
            {
                ingress.Kill();
                await ingress.WaitForExitAsync();
            }
        }

        Assert.True(accepted.Count > 100);
        using var journal = new JournalDriver(_directory.Path);
        var stored = journal.ReadAll().Select(record => record.Body).ToHashSet();
        Assert.All(accepted, body => Assert.Contains(body, stored));
    }

    [Fact]
    public async Task A_program_that_may_not_start_says_why_and_ends_with_2()
    {
        using var first = new JournalDriver(_directory.Path);
        using var ingress = Start(out _);
        var said = ingress.StandardError.ReadToEndAsync();
        _ = ingress.StandardOutput.ReadToEndAsync();
        await ingress.WaitForExitAsync();
        Assert.Equal(2, ingress.ExitCode);
        Assert.StartsWith("Journal:Directory: expected a directory that can be written and that no other process uses", await said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await said, StringComparison.Ordinal);
    }

    private static async Task SendAsync(HttpClient client, int round, int sender, ConcurrentQueue<string> accepted)
    {
        for (var i = 0; ; i++)
        {
            var body = new byte[1 + (i * 37 % 20_000)];
            new Random(HashCode.Combine(round, sender, i)).NextBytes(body);
            try
            {
                using var response = await client.SendAsync(IngressDriver.Signed(body));
                if (response.IsSuccessStatusCode)
                    accepted.Enqueue(Convert.ToHexString(body));
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync("/health/ready")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Process Start(out string address)
    {
        address = $"http://127.0.0.1:{FreePort.Next()}";
        var program = typeof(IngressHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory.Path };
        start.Environment["ASPNETCORE_URLS"] = address;
        start.Environment["Journal__Directory"] = _directory.Path;
        start.Environment["Feeds__redbark__Secrets__0"] = IngressDriver.Secret;
        start.Environment["ConnectionStrings__RabbitMq"] = $"amqp://guest:guest@127.0.0.1:{FreePort.Next()}";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The ingress could not be started.");
        return process;
    }
}
