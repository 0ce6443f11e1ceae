using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Redbark.Sync.Standalone.Database;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Database;

public sealed class PostgresServerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.InMemory("private");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_answers_on_a_socket_and_on_no_tcp_port()
    {
        await using var server = await StartAsync(_directory.Path);

        Assert.Equal("", await AskAsync(server, "SHOW listen_addresses"));
        Assert.Equal("on", await AskAsync(server, "SHOW fsync"));
        Assert.Equal("on", await AskAsync(server, "SHOW data_checksums"));
    }

    [Fact]
    public async Task A_start_beside_a_running_server_takes_it_over()
    {
        await using var first = await StartAsync(_directory.Path);
        await AskAsync(first, "CREATE TABLE kept AS SELECT 1 AS n");

        var second = await StartAsync(_directory.Path);
        Assert.Equal(first.ProcessId, second.ProcessId);
        Assert.Equal(1, await AskAsync(second, "SELECT n FROM kept"));

        await second.DisposeAsync();
        Assert.Null(first.ProcessId);
    }

    [Fact]
    public async Task A_start_after_the_server_was_killed_recovers_what_was_committed()
    {
        await using (var killed = await StartAsync(_directory.Path))
        {
            await AskAsync(killed, "CREATE TABLE kept AS SELECT 1 AS n");
            using var process = Process.GetProcessById(killed.ProcessId!.Value);
            process.Kill();
            await process.WaitForExitAsync();
        }

        await using var server = await StartAsync(_directory.Path);
        Assert.Equal(1, await AskAsync(server, "SELECT n FROM kept"));
    }

    [Fact]
    public async Task A_cluster_that_was_cut_short_while_it_was_made_is_made_again()
    {
        var half = Directory.CreateDirectory(Path.Combine(_directory.Path, "data", "base"));
        await File.WriteAllTextAsync(Path.Combine(half.FullName, "left"), "over");

        await using var server = await StartAsync(_directory.Path);
        Assert.Equal(1, await AskAsync(server, "SELECT 1"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(250)]
    [InlineData(700)]
    [InlineData(1500)]
    public async Task A_start_that_is_broken_off_leaves_no_program_behind_and_the_next_one_works(int milliseconds)
    {
        using (var stop = new CancellationTokenSource(milliseconds))
        {
            await using var broken = new PostgresServer(_directory.Path, new PostgresOptions(), NullLogger.Instance);
            await Record.ExceptionAsync(() => broken.StartAsync(stop.Token)); // It may have been quicker.
        }

        // What was killed may take a moment to be gone, and nothing may come after it.
        await Eventually.EqualsAsync(0, () => Task.FromResult(Programs()));
        await using var server = await StartAsync(_directory.Path);
        Assert.Equal(1, await AskAsync(server, "SELECT 1"));
        Assert.Empty(Directory.EnumerateDirectories(_directory.Path, "data.new-*"));

        int Programs() => Directory.EnumerateDirectories("/proc").Count(process =>
        {
            try
            {
                return int.TryParse(Path.GetFileName(process), out _) && File.ReadAllText(Path.Combine(process, "cmdline")).Contains(_directory.Path, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false; // It has ended meanwhile.
            }
        });
    }

    [Fact]
    public async Task A_directory_too_deep_for_a_socket_works_too()
    {
        var deep = Path.Combine([_directory.Path, .. Enumerable.Repeat("a-rather-long-name", 8)]);
        await using var server = await StartAsync(deep);
        Assert.Equal(1, await AskAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_is_refused_with_what_to_do()
    {
        var data = Directory.CreateDirectory(Path.Combine(_directory.Path, "data"));
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "PG_VERSION"), "9\n");

        var refusal = await Assert.ThrowsAsync<PrivatePostgresException>(() => StartAsync(_directory.Path));
        Assert.Contains("made by PostgreSQL 9", refusal.Message);
        Assert.Contains("pg_upgrade", refusal.Message);
    }

    private static async Task<PostgresServer> StartAsync(string directory)
    {
        var server = new PostgresServer(directory, new PostgresOptions(), NullLogger.Instance);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static async Task<object?> AskAsync(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
