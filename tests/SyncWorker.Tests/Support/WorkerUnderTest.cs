using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Redbark.Sync.Contracts;
using Redbark.Sync.Worker.Consumers;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Quarantine;
using Redbark.Sync.Worker.Replay;

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>The worker's services on a database, wired as the host wires them; nothing runs in the background.</summary>
internal sealed class WorkerUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;

    public WorkerUnderTest(string connectionString, Action<IServiceCollection>? change = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Configuration.AddInMemoryCollection([new(DatabaseOptions.Key, connectionString)]);
        builder.WebHost.UseKestrelCore();
        builder.AddWorker();
        change?.Invoke(builder.Services);
        _app = builder.Build();
        Get<DatabaseReadiness>().Open();
    }

    public ILedger Ledger => Get<ILedger>();

    public DeliveryPipeline Pipeline => Get<DeliveryPipeline>();

    public Replayer Replayer => Get<Replayer>();

    public QuarantineService Quarantine => Get<QuarantineService>();

    public NpgsqlDataSource Database => Get<NpgsqlDataSource>();

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task<ApplyOutcome> ApplyAsync(IDelivered message) => Ledger.ApplyAsync(message, CancellationToken.None);

    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters) =>
        (await QueryAsync(sql, reader => reader.GetFieldValue<T>(0), parameters)).Single();

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
