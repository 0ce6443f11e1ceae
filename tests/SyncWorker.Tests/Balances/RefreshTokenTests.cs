using System.Text;
using Redbark.Sync.Worker.Balances;

namespace Redbark.Sync.Worker.Tests.Balances;

public sealed class RefreshTokenTests
{
    private const string Configured = "configured-token-of-the-consent";

    [Fact]
    public async Task The_token_that_a_refresh_brings_is_the_next_one_also_after_a_restart()
    {
        await using var stage = await BalanceStage.OpenAsync();

        Assert.Equal(Configured, await UseAsync(stage.Worker.Get<IRefreshTokens>(), "second"));
        Assert.Equal("second", await UseAsync(stage.Worker.Get<IRefreshTokens>(), "third"));
        Assert.Equal("third", await UseAsync(stage.Another().Get<IRefreshTokens>(), null));
        Assert.Equal("third", await UseAsync(stage.Another().Get<IRefreshTokens>(), null)); // A provider that does not rotate changes nothing.
    }

    [Fact]
    public async Task A_refresh_that_fails_leaves_the_token_as_it_was()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var tokens = stage.Worker.Get<IRefreshTokens>();
        await UseAsync(tokens, "second");

        await Assert.ThrowsAsync<InvalidOperationException>(() => tokens.RefreshAsync<int>(
            "revolut", "main", Configured, _ => throw new InvalidOperationException("the provider is away"), CancellationToken.None));

        Assert.Equal("second", await UseAsync(tokens, null));
    }

    [Fact]
    public async Task A_worker_that_loses_its_database_in_the_middle_still_stores_the_new_token()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var running = stage.Worker.Get<IRefreshTokens>().RefreshAsync(
            "revolut", "main", Configured,
            async token =>
            {
                await stage.Worker.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'");
                return (token, (string?)"second");
            },
            CancellationToken.None);
        while (!running.IsCompleted)
        {
            stage.Clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(running, Task.Delay(20));
        }

        Assert.Equal(Configured, await running);
        Assert.Equal("second", await UseAsync(stage.Another().Get<IRefreshTokens>(), null));
    }

    [Fact]
    public async Task A_stop_after_the_refresh_does_not_lose_the_new_token()
    {
        await using var stage = await BalanceStage.OpenAsync();
        using var stopping = new CancellationTokenSource();
        await stage.Worker.Get<IRefreshTokens>().RefreshAsync(
            "revolut", "main", Configured,
            async token =>
            {
                await stopping.CancelAsync();
                return (token, (string?)"second");
            },
            stopping.Token);

        Assert.Equal("second", await UseAsync(stage.Worker.Get<IRefreshTokens>(), null));
    }

    [Fact]
    public async Task Two_workers_never_refresh_one_connection_at_once_nor_with_one_token()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var workers = new[] { stage.Worker, stage.Another() }.Select(worker => worker.Get<IRefreshTokens>()).ToList();
        var (inside, most) = (0, 0);
        var used = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Task.Run(() => workers[n % 2].RefreshAsync(
            "revolut", "main", Configured,
            async token =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                await Task.Delay(10);
                Interlocked.Decrement(ref inside);
                return (token, (string?)$"token-{n}");
            },
            CancellationToken.None))));

        Assert.Equal(1, most);
        Assert.Equal(12, used.Distinct().Count());
    }

    [Fact]
    public async Task Another_configured_token_starts_anew()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var tokens = stage.Worker.Get<IRefreshTokens>();
        await UseAsync(tokens, "second");

        Assert.Equal("a new consent", await UseAsync(tokens, "fourth", "a new consent"));
        Assert.Equal("fourth", await UseAsync(tokens, null, "a new consent"));
        Assert.Equal(Configured, await UseAsync(tokens, null)); // Nor is the former one good for what was stored since.
    }

    [Fact]
    public async Task The_database_alone_does_not_reveal_a_token_and_one_connections_is_no_use_to_another()
    {
        await using var stage = await BalanceStage.OpenAsync();
        var tokens = stage.Worker.Get<IRefreshTokens>();
        await UseAsync(tokens, "a-secret-that-was-rotated");

        var stored = await stage.Worker.ScalarAsync<byte[]>("SELECT sealed FROM ledger.provider_tokens");
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
        await stage.Worker.ExecuteAsync("UPDATE ledger.provider_tokens SET connection_id = 'other'");
        Assert.Equal(Configured, await tokens.RefreshAsync("revolut", "other", Configured, token => Task.FromResult((token, (string?)null)), CancellationToken.None));
    }

    [Theory]
    [InlineData("''")]
    [InlineData("'\\x02'")]
    [InlineData("set_byte(sealed, 20, get_byte(sealed, 20) # 1)")]
    [InlineData("set_byte(sealed, 0, 7)")]
    public async Task A_stored_token_that_was_tampered_with_is_not_used(string changed)
    {
        await using var stage = await BalanceStage.OpenAsync();
        await UseAsync(stage.Worker.Get<IRefreshTokens>(), "second");
        await stage.Worker.ExecuteAsync($"UPDATE ledger.provider_tokens SET sealed = {changed}");
        Assert.Equal(Configured, await UseAsync(stage.Worker.Get<IRefreshTokens>(), null));
    }

    /// <returns>The token that the refresh was given.</returns>
    private static Task<string> UseAsync(IRefreshTokens tokens, string? rotated, string configured = Configured) =>
        tokens.RefreshAsync("revolut", "main", configured, token => Task.FromResult((token, rotated)), CancellationToken.None);
}
