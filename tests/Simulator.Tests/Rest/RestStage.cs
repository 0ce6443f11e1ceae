using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Testing;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Redbark.Sync.Simulator.Tests.Rest;

/// <summary>One answer, read.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, JsonNode? Json)
{
    public JsonArray Data => Json!["data"]!.AsArray();

    public string? Error => (string?)Json!["error"]!["code"];

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>A simulated Redbark that serves REST on loopback, in time that stands still.</summary>
internal sealed class RestStage : IAsyncDisposable
{
    private readonly HttpClient _client;

    private RestStage(SimulatedRedbark redbark, ManualClock clock, HttpClient client)
    {
        Redbark = redbark;
        Clock = clock;
        _client = client;
    }

    public SimulatedRedbark Redbark { get; }

    public ManualClock Clock { get; }

    public Uri Address => _client.BaseAddress!;

    public SimulatedBank Bank => Redbark.Bank;

    public BankAccount Account => Bank.Accounts[0];

    public BankAccount Brokerage => Bank.Accounts.Single(account => account.IsBrokerage);

    public string AllTransactions => $"/v1/transactions?connectionId={Account.ConnectionId}&accountId={Account.Id}&from=2020-01-01";

    public static async Task<RestStage> SetAsync(int rows = 30, int accounts = 3, RestOptions? options = null)
    {
        var clock = new ManualClock();
        var redbark = SimulatedRedbark.Create(
            new SimulatorOptions { Bank = new BankOptions { Seed = 3, Rows = rows, Accounts = accounts, Trades = 5 }, Rest = options ?? new RestOptions() }, clock);
        var client = new HttpClient { BaseAddress = await redbark.StartRestAsync(cancellationToken: TestContext.Current.CancellationToken) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", redbark.Options.Rest.ApiKey);
        return new RestStage(redbark, clock, client);
    }

    public Task<Answer> GetAsync(string path, string? key = null, string? version = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (version is not null)
            request.Headers.Add("Redbark-Version", version);
        return SendAsync(request);
    }

    public Task<Answer> GetV2Async(string path) => GetAsync(path, version: "2026-10-01.wattle");

    public Task<Answer> PostAsync(string path, string body = "") =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") });

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Redbark.DisposeAsync();
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            return new Answer(response.StatusCode, response.Headers, body.Length == 0 ? null : JsonNode.Parse(body));
        }
    }
}
