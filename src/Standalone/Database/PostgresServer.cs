using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Redbark.Sync.Standalone.Database;

/// <summary>
/// A PostgreSQL server of our own, started from the programs on the machine. It listens on a Unix socket that only its owner
/// can reach and on no TCP port. It runs in a session of its own: a Ctrl-C for this process does not reach it before the work is
/// drained, and when this process is killed it goes on, so that the next start takes it over.
/// </summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    private const string User = "redbark";
    private const string Unfinished = ".new-";

    private readonly string _directory;
    private readonly string _data;
    private readonly string _sockets;
    private readonly PostgresOptions _options;
    private readonly ILogger _logger;

    /// <param name="directory">Holds the cluster; made when missing.</param>
    /// <param name="options">Where the programs are, and server settings.</param>
    /// <param name="logger">Told what is done.</param>
    public PostgresServer(string directory, PostgresOptions options, ILogger logger)
    {
        _directory = Path.GetFullPath(directory);
        _data = Path.Combine(_directory, "data");
        _sockets = SocketDirectory(_directory);
        _options = options;
        _logger = logger;
    }

    /// <summary>Process id of the server, or null when it does not run.</summary>
    public int? ProcessId
    {
        get
        {
            var lockFile = Path.Combine(_data, "postmaster.pid");
            var lines = File.Exists(lockFile) ? File.ReadAllLines(lockFile) : [];
            return lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var id) && IsPostgres(id) ? id : null;
        }
    }

    /// <summary>How to reach a database of the cluster in a directory, running or not.</summary>
    public static string ConnectionString(string directory, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = SocketDirectory(Path.GetFullPath(directory)),
        Username = User,
        Database = database,
    }.ConnectionString;

    public string ConnectionString(string database) => ConnectionString(_directory, database);

    /// <summary>Makes a database unless it is there.</summary>
    public async Task EnsureDatabaseAsync(string name, CancellationToken cancellation)
    {
        await using var source = Administration();
        await using var find = source.CreateCommand("SELECT 1 FROM pg_database WHERE datname = $1");
        find.Parameters.AddWithValue(name);
        if (await find.ExecuteScalarAsync(cancellation) is not null)
            return;

        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Removes a database with all that is in it, if it is there.</summary>
    public async Task DropDatabaseAsync(string name, CancellationToken cancellation)
    {
        await using var source = Administration();
        await using var drop = source.CreateCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await drop.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Makes the cluster where there is none, and starts the server where it does not run.</summary>
    /// <exception cref="PrivatePostgresException">The server cannot be made or started.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var binaries = PostgresBinaries.Find(_options.BinDirectory, ClusterVersion(_data));
        if (ProcessId is { } running)
        {
            LogTakenOver(running, _data);
            await WaitUntilItAnswersAsync(binaries, cancellation);
            return;
        }

        Directory.CreateDirectory(_directory);
        Directory.CreateDirectory(_sockets);
        await PostgresUser.TakeAsync(_directory, cancellation);
        await PostgresUser.TakeAsync(_sockets, cancellation);
        if (ClusterVersion(_data) is null)
            await InitialiseAsync(binaries, cancellation);

        // A lock file whose process is gone (or is now another program) would only confuse the start.
        File.Delete(Path.Combine(_data, "postmaster.pid"));

        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "",
            ["unix_socket_directories"] = _sockets,
            ["unix_socket_permissions"] = "0700",
            ["logging_collector"] = "on",
            ["log_directory"] = "log",
            ["log_filename"] = "postgresql-%a.log",
            ["log_truncate_on_rotation"] = "on",
            ["jit"] = "off",
            ["wal_compression"] = "on",
            ["max_wal_size"] = "2GB",
        };
        foreach (var (name, value) in _options.Settings)
            settings[name] = value;
        var options = string.Join(' ', settings.Select(setting => $"-c {setting.Key}='{setting.Value}'"));

        // A server that is half started is waited for, because only one that is up can be stopped.
        cancellation.ThrowIfCancellationRequested();
        var start = await RunAsync(binaries, "pg_ctl", ["-D", _data, "-w", "-t", "120", "-o", options, "-l", Path.Combine(_data, "start.log"), "start"], CancellationToken.None);
        if (start.ExitCode != 0)
        {
            throw new PrivatePostgresException(
                $"PostgreSQL {binaries.MajorVersion} did not start in {_data}: {start.Printed}\n{Tail(Path.Combine(_data, "start.log"))}");
        }

        LogStarted(binaries.MajorVersion, _data);
    }

    /// <summary>Stops the server: sessions are ended, what is committed is kept.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ProcessId is null)
            return;

        var binaries = PostgresBinaries.Find(_options.BinDirectory, ClusterVersion(_data));
        var stop = await RunAsync(binaries, "pg_ctl", ["-D", _data, "-w", "-t", "60", "-m", "fast", "stop"], CancellationToken.None);
        if (stop.ExitCode == 0)
            LogStopped(_data);
        else
            LogNotStopped(_data, stop.Printed);
    }

    private async Task InitialiseAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        // Made under a name of its own and then renamed: a start that is cut short leaves nothing that looks like a database. What an earlier one left holds nothing.
        foreach (var left in Directory.EnumerateDirectories(_directory, $"{Path.GetFileName(_data)}{Unfinished}*"))
            Directory.Delete(left, recursive: true);
        if (Directory.Exists(_data))
            Directory.Delete(_data, recursive: true);

        LogInitialising(binaries.MajorVersion, _data);
        var fresh = $"{_data}{Unfinished}{Guid.NewGuid():N}";
        var made = await RunAsync(
            binaries, "initdb",
            ["-D", fresh, $"--username={User}", "--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions"],
            cancellation);
        if (made.ExitCode != 0)
            throw new PrivatePostgresException($"PostgreSQL's initdb failed in {fresh}: {made.Printed}");
        Directory.Move(fresh, _data);
    }

    private async Task WaitUntilItAnswersAsync(PostgresBinaries binaries, CancellationToken cancellation)
    {
        var ready = await RunAsync(binaries, "pg_isready", ["-h", _sockets, "-t", "60"], cancellation);
        if (ready.ExitCode != 0)
        {
            throw new PrivatePostgresException(
                $"A PostgreSQL server runs on {_data} (process {ProcessId}) but does not answer on {_sockets}: {ready.Printed}");
        }
    }

    private NpgsqlDataSource Administration() =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false }.ConnectionString);

    private static Task<ProgramRun.Result> RunAsync(PostgresBinaries binaries, string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var (wrapped, all) = PostgresUser.Wrap(binaries.Program(program), arguments);
        return ProgramRun.RunAsync(wrapped, all, cancellation);
    }

    private static int? ClusterVersion(string data)
    {
        var file = Path.Combine(data, "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture, out var major) ? major : null;
    }

    /// <summary>A Unix socket's path may have 107 bytes, so a deep data directory has its socket in the temporary directory.</summary>
    private static string SocketDirectory(string directory)
    {
        const int longestDirectory = 107 - 16;
        if (Encoding.UTF8.GetByteCount(directory) + 4 <= longestDirectory)
            return Path.Combine(directory, "run");

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..16];
        return Path.Combine(Path.GetTempPath(), $"redbark-sync-{digest}");
    }

    private static bool IsPostgres(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false; // No process has this id.
        }
    }

    private static string Tail(string file) => File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(5)) : "";

    [LoggerMessage(LogLevel.Information, "Making a private PostgreSQL {Version} in {Directory}; this is done once")]
    private partial void LogInitialising(int version, string directory);

    [LoggerMessage(LogLevel.Information, "Private PostgreSQL {Version} started in {Directory}")]
    private partial void LogStarted(int version, string directory);

    [LoggerMessage(LogLevel.Information, "Took over the private PostgreSQL (process {ProcessId}) that still runs in {Directory}")]
    private partial void LogTakenOver(int processId, string directory);

    [LoggerMessage(LogLevel.Information, "Private PostgreSQL stopped in {Directory}")]
    private partial void LogStopped(string directory);

    [LoggerMessage(LogLevel.Error, "Private PostgreSQL in {Directory} did not stop: {Reason}")]
    private partial void LogNotStopped(string directory, string reason);
}
