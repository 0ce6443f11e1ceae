using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Redbark.Sync.Testing;

/// <summary>One of the hosts as a process of its own, on a loopback port that it keeps over restarts.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(3);

    private readonly string _assembly;
    private readonly string[] _arguments;
    private readonly Dictionary<string, string> _settings;
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public HostProcess(string assembly, Dictionary<string, string> settings, params string[] arguments)
    {
        _assembly = Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");
        _arguments = arguments;
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        _settings = new(settings) { ["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority), ["DOTNET_gcServer"] = "0" };
    }

    public Uri Address { get; }

    /// <summary>The most memory that the process held at once, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process!.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public string Output => string.Join('\n', _output);

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("Not started.");

    /// <summary>Starts the process and waits until it serves.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> StartAsync()
    {
        var watch = Stopwatch.StartNew();
        // Whoever runs the tests in the background may have them ignore SIGINT, and what ignores it passes that on.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", _assembly, .. _arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in _settings)
            start.Environment[name] = value;

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{_assembly} could not be started.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.HoldsAsync(IsLiveAsync, $"{_assembly} serves on {Address}", () => Output);
        return watch.Elapsed;
    }

    /// <summary>Starts the process again whenever it ends by itself, as whatever runs it in a deployment does.</summary>
    /// <param name="cancellation">Ends the supervision.</param>
    public async Task KeepRunningAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await _process!.WaitForExitAsync(cancellation);
                await StartAsync();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
            await kill.WaitForExitAsync();
        return await WaitForExitAsync();
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    /// <exception cref="TimeoutException">It goes on.</exception>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(LongestEnd);
        try
        {
            await _process!.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process!.Kill();
            throw new TimeoutException($"{_assembly} has not ended within {LongestEnd}.\n{Output}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await StopAsync();
        _process?.Dispose();
    }

    private async Task<bool> IsLiveAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"{_assembly} ended with {_process.ExitCode}:\n{Output}");

        using var client = new HttpClient { BaseAddress = Address };
        try
        {
            using var answer = await client.GetAsync("/health/live");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        while (_output.Count > 400)
            _output.TryDequeue(out _);
    }
}
