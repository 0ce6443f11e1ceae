using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;

namespace Redbark.Sync.Wire.Tests.Rest;

/// <summary>A client against a scripted Redbark, in time that the test moves.</summary>
internal sealed class ScriptedRedbark : IDisposable
{
    public const string Key = "rbk_live_0123456789abcdef";
    public const string Account = "a1b2c3d4-e5f6-7890-a1b2-c3d4e5f67890";
    public const string Connection = "b7c4a1e2-8d3f-4e9a-9c5b-1f2a3e4d5c6b";

    public ScriptedRedbark(TimeSpan? timeout = null, int perMinute = 1000)
    {
        Http = new ScriptedHttp(Clock);
        var http = new ProviderHttp(
            new HttpClient(Http) { BaseAddress = new Uri("https://api.redbark.test/"), Timeout = Timeout.InfiniteTimeSpan }, Clock, timeout ?? TimeSpan.FromDays(1));
        Client = new RedbarkClient(
            http, new RedbarkClientOptions { ApiKey = Key, CheapPerMinute = perMinute, MidPerMinute = perMinute, HeavyPerMinute = perMinute }, Clock);
    }

    public ManualClock Clock { get; } = new();

    public ScriptedHttp Http { get; }

    public RedbarkClient Client { get; }

    public static RestTransactionQuery Window(int from = 1, int to = 30) => new(Connection, Account, new DateOnly(2026, 9, from), new DateOnly(2026, 9, to));

    public static string Page(IEnumerable<string> rows, bool? hasMore = false, string total = "null")
    {
        var more = hasMore is null ? "" : $",\"hasMore\":{(hasMore.Value ? "true" : "false")}";
        return $$"""{"data":[{{string.Join(',', rows)}}],"pagination":{"total":{{total}},"limit":500,"offset":0{{more}} } }""";
    }

    public static string Row(string id, string amount = "-64.20", string date = "2026-09-02", string account = Account) =>
        $$"""{"id":"{{id}}","accountId":"{{account}}","accountName":"Everyday Account","status":"posted","date":"{{date}}","datetime":null,"description":"COFFEE","amount":"{{amount}}","direction":"debit"}""";

    public static IEnumerable<string> Rows(int first, int count) => Enumerable.Range(first, count).Select(i => Row($"t{i}"));

    /// <summary>Lets time pass until the work is done.</summary>
    public async Task<T> PassAsync<T>(Task<T> work)
    {
        for (var i = 0; i < 100_000 && !work.IsCompleted; i++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1);
        }

        return await work;
    }

    public async Task<ProviderException> FailsAsync<T>(Task<T> work) => await Assert.ThrowsAsync<ProviderException>(() => PassAsync(work));

    public Task<List<RestBalanceResult>> BalancesAsync(params IEnumerable<string> ids) => Collect(Client.ReadBalancesAsync(ids, default));

    public void Dispose() => Client.Dispose();

    private static async Task<List<RestBalanceResult>> Collect(IAsyncEnumerable<RestBalanceResult> results)
    {
        var all = new List<RestBalanceResult>();
        await foreach (var result in results)
            all.Add(result);
        return all;
    }
}
