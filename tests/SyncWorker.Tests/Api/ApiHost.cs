using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Tests.Api;

/// <summary>The worker on a loopback port, over a database of its own.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    public const string Token = "a-token-of-the-tests-0123456789abcdef";
    public const string SecondToken = "another-token-of-the-tests-0123456789";

    private TestDatabase? _database;
    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    public CapturedLogs Logs { get; } = new();

    /// <summary>Signed in.</summary>
    public HttpClient Client { get; private set; } = new();

    public static async Task<ApiHost> StartAsync(string connectionString, Dictionary<string, string?> settings, Action<IServiceCollection>? change = null)
    {
        var host = new ApiHost();
        await host.StartAppAsync(connectionString, settings, change);
        return host;
    }

    public async ValueTask InitializeAsync()
    {
        _database = await TestServers.CreateDatabaseAsync();
        await StartAppAsync(_database.ConnectionString, new() { ["Api:Tokens:0"] = Token, ["Api:Tokens:1"] = SecondToken, ["Schedule:Enabled"] = "false" });
        await Services.GetRequiredService<DatabaseReadiness>().WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stops as a worker does that is told to.</summary>
    public Task StopAsync() => _app!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    public HttpClient Anonymous() => new() { BaseAddress = Client.BaseAddress };

    public async Task SqlAsync(string sql, params object?[] values)
    {
        await using var command = Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads an address that must answer 200.</summary>
    public async Task<JsonNode> GetAsync(string address)
    {
        using var answer = await Client.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == 200, $"{address}: {(int)answer.StatusCode} {text}\n{Logs.Errors}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Reads an address that must answer a problem.</summary>
    public async Task<JsonNode> ProblemAsync(int status, string address)
    {
        using var answer = await Client.GetAsync(address);
        return await ProblemAsync(status, answer);
    }

    public static async Task<JsonNode> ProblemAsync(int status, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.False(string.IsNullOrEmpty((string?)problem["reason"]), text);
        return problem;
    }

    /// <summary>Reads a list page by page and gives all its items.</summary>
    public async Task<List<JsonNode>> AllAsync(string address, int limit)
    {
        var items = new List<JsonNode>();
        for (string? next = ""; next is not null;)
        {
            var after = next.Length == 0 ? "" : $"&after={next}";
            var page = await GetAsync($"{address}{(address.Contains('?') ? '&' : '?')}limit={limit}{after}");
            Assert.InRange(page["data"]!.AsArray().Count, 0, limit);
            items.AddRange(page["data"]!.AsArray().Select(item => item!));
            next = (string?)page["next"];
        }

        return items;
    }

    /// <summary>The same JSON, members in the same order.</summary>
    public static void AssertJson(string expected, JsonNode actual) => Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), actual.ToJsonString());

    private async Task StartAppAsync(string connectionString, Dictionary<string, string?> settings, Action<IServiceCollection>? change = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection([new(DatabaseOptions.Key, connectionString), .. settings]);
        builder.Logging.ClearProviders().AddProvider(Logs).SetMinimumLevel(LogLevel.Trace);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddWorker();
        change?.Invoke(builder.Services);
        _app = builder.Build();
        _app.MapWorker();
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }
}

/// <summary>Everything that was logged, at every level.</summary>
public sealed class CapturedLogs : ILoggerProvider
{
    private readonly StringBuilder _text = new();

    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    public string Errors => string.Join('\n', Text.Split('\n').SkipWhile(line => !line.StartsWith("Error ", StringComparison.Ordinal)).Take(20));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (logs._text)
                logs._text.AppendLine($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
