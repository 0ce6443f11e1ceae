using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Redbark.Sync.Testing;

/// <summary>A RabbitMQ node of the tests' own on loopback ports, with its files in a temporary directory.</summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Credentials = "guest:guest";

    private readonly TemporaryDirectory _directory = new("rabbitmq");
    private readonly int _amqp = FreePort.Next();
    private readonly int _api = FreePort.Next();
    private readonly int _distribution = FreePort.Next();
    private readonly int _portMapper = FreePort.Next();
    private Process? _process;

    private RabbitMqServer()
    {
    }

    public RabbitMqAddress Address => new(new Uri($"amqp://{Credentials}@127.0.0.1:{_amqp}"), new Uri($"http://{Credentials}@127.0.0.1:{_api}"));

    public static async Task<RabbitMqServer> StartAsync()
    {
        var server = new RabbitMqServer();
        await File.WriteAllTextAsync(server.InDirectory("enabled_plugins"), "[rabbitmq_management].");
        await File.WriteAllTextAsync(server.InDirectory("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{server._amqp}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {server._api}
            log.file.level = warning
            """);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts the node (again), and waits until it answers.</summary>
    public async Task RestartAsync()
    {
        var start = new ProcessStartInfo(Program("rabbitmq-server"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in EnvironmentOfNode())
            start.Environment[name] = value;

        _process = Process.Start(start) ?? throw new InvalidOperationException("rabbitmq-server could not be started.");
        var output = new StringBuilder();
        _process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        _process.ErrorDataReceived += (_, line) => output.AppendLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilItAnswersAsync(output);
    }

    /// <summary>Its warnings and errors, of all its lives.</summary>
    public string Log => string.Join('\n', Directory.EnumerateFiles(InDirectory("log"), "*.log").SelectMany(File.ReadLines));

    /// <summary>Ends the node without notice, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        // The launcher replaces itself by the Erlang machine, whose id the node writes to its pid file.
        var id = int.Parse(await File.ReadAllTextAsync(InDirectory("pid")), CultureInfo.InvariantCulture);
        using var node = Process.GetProcessById(id);
        node.Kill(entireProcessTree: true);
        await node.WaitForExitAsync();
        await _process!.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        _process?.Dispose();

        await StopPortMapperAsync();
        _directory.Dispose();
    }

    /// <summary>The node starts a port mapper that outlives it, and that refuses to go until it has noticed the node's end.</summary>
    private async Task StopPortMapperAsync()
    {
        var stop = new ProcessStartInfo("epmd", ["-port", _portMapper.ToString(CultureInfo.InvariantCulture), "-kill"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        for (var tries = 0; tries < 50; tries++, await Task.Delay(100))
        {
            using var mapper = Process.Start(stop) ?? throw new InvalidOperationException("epmd could not be started.");
            var said = await mapper.StandardOutput.ReadToEndAsync() + await mapper.StandardError.ReadToEndAsync();
            await mapper.WaitForExitAsync();
            if (!said.Contains("living nodes", StringComparison.Ordinal))
                return;
        }
    }

    private Dictionary<string, string> EnvironmentOfNode() => new()
    {
        ["HOME"] = _directory.Path,
        ["RABBITMQ_NODENAME"] = $"redbark-{_amqp}@localhost",
        ["RABBITMQ_MNESIA_BASE"] = InDirectory("db"),
        ["RABBITMQ_LOG_BASE"] = InDirectory("log"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = InDirectory("generated"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = InDirectory("enabled_plugins"),
        ["RABBITMQ_CONFIG_FILE"] = InDirectory("rabbitmq.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = InDirectory("no-such-file"),
        ["RABBITMQ_PID_FILE"] = InDirectory("pid"),
        ["RABBITMQ_NODE_PORT"] = _amqp.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_DIST_PORT"] = _distribution.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_EPMD_PORT"] = _portMapper.ToString(CultureInfo.InvariantCulture),
    };

    private async Task WaitUntilItAnswersAsync(StringBuilder output)
    {
        using var api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_api}") };
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Credentials)));
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(90); await Task.Delay(100))
        {
            if (_process!.HasExited)
                throw new InvalidOperationException($"rabbitmq-server ended with {_process.ExitCode}:\n{output}");

            try
            {
                using var answer = await api.GetAsync("/api/health/checks/port-listener/" + _amqp);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }

        throw new TimeoutException($"RabbitMQ did not answer within 90 s:\n{output}");
    }

    private static string Program(string name)
    {
        // Debian's /usr/sbin wrapper switches to a system user and its directories; the program behind it does not.
        var own = $"/usr/lib/rabbitmq/bin/{name}";
        return File.Exists(own) ? own : name;
    }

    private string InDirectory(string name) => Path.Combine(_directory.Path, name);
}
