using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Feeds;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Feeds;

public sealed class WatchSilenceTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualClock _clock = new(Now);
    private TestDatabase? _database;
    private WorkerUnderTest? _worker;

    private WorkerUnderTest Worker => _worker!;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = Start([]);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task Without_deliveries_there_is_nothing_to_watch() => Assert.Equal("no feed has delivered yet", await RunAsync());

    [Fact]
    public async Task A_daily_feed_is_silent_after_three_days_and_says_so_once()
    {
        // Runs of three chunks: the pauses inside of them do not count.
        await DeliverAsync("daily", from: Now.AddDays(-30), every: TimeSpan.FromDays(1), count: 28);
        var last = Now.AddDays(-3);
        _clock.Advance(last.AddDays(3).AddMinutes(-5) - _clock.GetUtcNow());
        Assert.Equal("1 of 1 feed as usual", await RunAsync());
        Assert.Empty(await AnnouncedAsync());

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("0 of 1 feed as usual; silent: daily", await RunAsync());
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("0 of 1 feed as usual; silent: daily", await RunAsync());
        var (content, feed) = Assert.Single(await AnnouncedAsync());
        Assert.Equal("daily", feed);
        Assert.Contains("\"SilentAfter\": \"3.00:00:00\"", content, StringComparison.Ordinal);

        var state = await StateAsync();
        Assert.Equal((last + TimeSpan.FromDays(3), TimeSpan.FromDays(1), TimeSpan.FromDays(3)), (state.SilentSince, state.UsualPause, state.SilentAfter));
    }

    [Fact]
    public async Task A_feed_that_speaks_again_is_not_silent_and_its_next_silence_is_a_new_one()
    {
        await DeliverAsync("daily", Now.AddDays(-30), TimeSpan.FromDays(1), 20);
        Assert.Contains("silent: daily", await RunAsync(), StringComparison.Ordinal);
        await ArchivedDeliveries.AddAsync(Worker, "daily", Now);
        Assert.Equal("1 of 1 feed as usual", await RunAsync());
        Assert.Null((await StateAsync()).SilentSince);

        _clock.Advance(TimeSpan.FromDays(20));
        Assert.Contains("silent: daily", await RunAsync(), StringComparison.Ordinal);
        Assert.Equal(2, (await AnnouncedAsync()).Count);
    }

    [Theory]
    [InlineData(1, 26)]
    [InlineData(6, 26)]
    [InlineData(24, 72)]
    [InlineData(24 * 7, 24 * 7 * 3)]
    public async Task The_bound_follows_the_feed_but_is_never_less_than_26_hours(int everyHours, int silentAfterHours)
    {
        await DeliverAsync("feed", Now.AddHours(-everyHours * 8), TimeSpan.FromHours(everyHours), 8);
        await RunAsync();
        Assert.Equal(TimeSpan.FromHours(silentAfterHours), (await StateAsync()).SilentAfter);
    }

    [Fact]
    public async Task A_new_feed_has_a_week_until_its_rhythm_is_known()
    {
        await DeliverAsync("new", Now.AddDays(-6), TimeSpan.FromHours(1), 3);
        Assert.Equal("1 of 1 feed as usual", await RunAsync());
        Assert.Equal((null, TimeSpan.FromDays(7)), ((await StateAsync()).UsualPause, (await StateAsync()).SilentAfter));
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Contains("silent: new", await RunAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_read_from_REST_is_no_delivery()
    {
        await DeliverAsync("daily", Now.AddDays(-30), TimeSpan.FromDays(1), 20);
        await DeliverAsync("rest", Now.AddDays(-2), TimeSpan.FromHours(1), 20);
        Assert.Equal("0 of 1 feed as usual; silent: daily", await RunAsync());
    }

    [Fact]
    public async Task A_silence_that_outlasts_what_is_learned_from_stays_known()
    {
        await DeliverAsync("daily", Now.AddDays(-30), TimeSpan.FromDays(1), 20);
        await RunAsync();
        _clock.Advance(TimeSpan.FromDays(100));
        Assert.Contains("silent: daily", await RunAsync(), StringComparison.Ordinal);
        Assert.Single(await AnnouncedAsync());
    }

    [Fact]
    public async Task The_settings_outrank_the_rhythm()
    {
        await using var set = Start(new() { ["Feeds:daily:SilenceAfter"] = "0.02:00:00", ["Feeds:odd:SilenceAfter"] = "off" });
        await DeliverAsync("daily", Now.AddDays(-5), TimeSpan.FromHours(1), 5 * 24 - 3);
        await DeliverAsync("odd", Now.AddDays(-50), TimeSpan.FromHours(1), 20);
        Assert.Equal("1 of 2 feeds as usual; silent: daily", await RunAsync(set));
    }

    [Theory]
    [InlineData("Feeds:daily:SilenceAfter", "soon", "Feeds:daily:SilenceAfter: expected 'off' or a time span such as '1.02:00:00', found 'soon'.")]
    [InlineData("Silence:AtLeast", "-1", "Silence:AtLeast: expected a time span such as '1.02:00:00', found '-1'.")]
    public void A_setting_that_cannot_be_used_is_named(string key, string value, string expected)
    {
        using var configuration = new ConfigurationManager();
        configuration[key] = value;
        var options = new SilenceOptions();
        SilenceOptions.Read(options, configuration);
        Assert.Equal([expected], new SilenceOptionsValidator().Validate(null, options).Failures);
    }

    [Fact]
    public async Task The_API_shows_the_feeds()
    {
        await DeliverAsync("daily", Now.AddDays(-30), TimeSpan.FromDays(1), 20);
        await RunAsync();
        await using var host = await ApiHost.StartAsync(_database!.ConnectionString, new() { ["Api:Tokens:0"] = ApiHost.Token, ["Schedule:Enabled"] = "false" });
        await host.Services.GetRequiredService<DatabaseReadiness>().WaitAsync(TestContext.Current.CancellationToken);
        var feed = Assert.Single((await host.GetAsync("/api/v1/feeds"))["data"]!.AsArray())!;
        Assert.Equal(("daily", true, 259_200L, 86_400L), ((string?)feed["feed"], (bool)feed["silent"]!, (long)feed["silentAfterSeconds"]!, (long)feed["usualPauseSeconds"]!));
        await host.StopAsync();
    }

    private async Task<string> RunAsync(WorkerUnderTest? worker = null) => await (worker ?? Worker).Get<WatchSilenceJob>().RunAsync(CancellationToken.None);

    private WorkerUnderTest Start(Dictionary<string, string?> settings) => new(_database!.ConnectionString, services =>
    {
        services.AddSingleton<TimeProvider>(_clock);
        services.Configure<SilenceOptions>(options => SilenceOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
    });

    private async Task DeliverAsync(string feed, DateTimeOffset from, TimeSpan every, int count) => await ArchivedDeliveries.AddAsync(Worker, feed,
        [.. Enumerable.Range(0, count).SelectMany(n => Enumerable.Range(0, 3).Select(_ => from + every * n))]);

    private async Task<FeedState> StateAsync() => (await Worker.QueryAsync(
        "SELECT feed, last_delivery_at, usual_pause, silent_after, silent_since FROM ledger.feed_states",
        reader => new FeedState
        {
            Feed = reader.GetString(0),
            LastDeliveryAt = reader.GetFieldValue<DateTimeOffset>(1),
            UsualPause = reader.IsDBNull(2) ? null : reader.GetTimeSpan(2),
            SilentAfter = reader.IsDBNull(3) ? null : reader.GetTimeSpan(3),
            SilentSince = reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
        })).Single();

    private Task<List<(string Content, string Feed)>> AnnouncedAsync() => Worker.QueryAsync(
        "SELECT content::text, content ->> 'Feed' FROM ledger.outbox WHERE type = 'FeedSilent' ORDER BY id", reader => (reader.GetString(0), reader.GetString(1)));
}
