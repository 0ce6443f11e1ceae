using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Standalone.Database;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary>The commands of docs/operations.md under "Back up" and "Restore".</summary>
public sealed class BackupTests
{
    private const int Saved = 20;

    private static readonly PostgresBinaries Postgres = PostgresBinaries.Find(configured: null, madeBy: null);

    [Fact]
    public async Task What_was_saved_while_it_ran_begins_again_in_another_directory()
    {
        using var backup = new TemporaryDirectory("backup");
        var (journal, dump) = (Path.Combine(backup.Path, "journal.tar"), Path.Combine(backup.Path, "ledger.dump"));
        await using (var lost = new StandaloneProcess(("Schedule__Enabled", "false")))
        {
            await lost.Process.StartAsync();
            using var sender = new Sender(lost.Webhook);
            for (var number = 1; number < Saved; number++)
                await sender.SendAsync(number);
            await RunAsync("tar", "-C", lost.Data, "-cf", journal, "journal");

            // Between the two: in the dump alone.
            await sender.SendAsync(Saved);
            using var api = lost.CreateApiClient();
            await api.HasDeliveriesAsync(Saved, () => lost.Process.Output);
            await RunAsync(Postgres.Program("pg_dump"), "-h", SocketOf(lost.Database), "-U", "redbark", "-Fc", "-f", dump, "redbark");
            await lost.Process.KillAsync();
        }

        await using var restored = new StandaloneProcess(("Schedule__Enabled", "false"));
        await restored.Process.StartAsync();
        using (var anybody = new HttpClient { BaseAddress = restored.Process.Address })
            await Eventually.HoldsAsync(async () => (await anybody.GetAsync("/health/ready")).IsSuccessStatusCode, "its ledger is made", () => restored.Process.Output);
        await restored.Process.StopAsync();
        await RestoreAsync(restored, dump);
        Directory.Delete(Path.Combine(restored.Data, "journal"), recursive: true);
        await RunAsync("tar", "-C", restored.Data, "-xf", journal);
        await restored.Process.StartAsync();

        using var next = new Sender(restored.Webhook);
        for (var number = 1; number <= Saved; number++)
            next.WasAccepted(number);
        await next.SendAsync(Saved + 1);
        Assert.Equal(Saved + 1, next.Accepted.Count);
        await LedgerReader.HoldsExactlyAsync(restored.Database, next, () => restored.Process.Output);
    }

    private static async Task RestoreAsync(StandaloneProcess into, string dump)
    {
        await using var server = new PostgresServer(Path.Combine(into.Data, "postgres"), new PostgresOptions(), NullLogger.Instance);
        await server.StartAsync(CancellationToken.None);
        string[] here = ["-h", SocketOf(into.Database), "-U", "redbark"];
        await RunAsync(Postgres.Program("dropdb"), [.. here, "redbark"]);
        await RunAsync(Postgres.Program("createdb"), [.. here, "redbark"]);
        await RunAsync(Postgres.Program("pg_restore"), [.. here, "-d", "redbark", "--exit-on-error", dump]);
    }

    private static string SocketOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Host!;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var run = await ProgramRun.RunAsync(program, arguments, CancellationToken.None);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{run.Printed}");
    }
}
