using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Control;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Simulator.Tests;

public sealed class ControlTests
{
    [Fact]
    public async Task A_simulation_can_be_driven_over_http()
    {
        await using var stage = await Stage.SetAsync(rows: 10, trades: 1, sender: new SenderOptions { AutoDisable = AutoDisable.AfterOneFailedBatch });
        using var client = new HttpClient { BaseAddress = await stage.Redbark.StartRestAsync(cancellationToken: TestContext.Current.CancellationToken) };

        Assert.Equal("Delivered", (string)(await PostAsync(client, "runs"))["outcome"]!);
        Assert.Equal(3, (int)(await PostAsync(client, "purchases", """{"count":3,"pending":true}"""))["rows"]!);
        Assert.Equal(5, (int)(await PostAsync(client, "settlements"))["rows"]!);
        Assert.Equal(2, (int)(await PostAsync(client, "corrections", """{"count":2}"""))["rows"]!);
        Assert.Equal(2, (int)(await PostAsync(client, "trades", """{"count":2}"""))["rows"]!);
        Assert.Equal(2, (await PostAsync(client, "runs", """{"sendTwice":"Sequentially","malformedRow":true}"""))["chunks"]![0]!["attempts"]!.AsArray().Count);
        Assert.Equal("Delivered", (string)(await PostAsync(client, "redeliveries"))["outcome"]!);
        await PostAsync(client, "clock", """{"hours":48}""");
        await PostAsync(client, "rest-faults", """{"nullBalances":true}""");

        var state = JsonNode.Parse(await client.GetStringAsync("/simulator/state"))!;
        Assert.Equal((15, 3), ((int)state["destination"]!["deliveredTransactions"]!, (int)state["destination"]!["deliveredTrades"]!));
        Assert.Equal(stage.Redbark.Bank.Balances().Select(balance => (long)balance.PostedRows), state["accounts"]!.AsArray().Select(account => (long)account!["postedRows"]!));
        Assert.Equal(stage.Clock.GetUtcNow().AddHours(48), (DateTimeOffset)state["now"]!);
        Assert.True(stage.Redbark.RestFaults.NullBalances);

        stage.Receiver.Answer = (_, context) => Task.FromResult(context.Response.StatusCode = 400);
        await PostAsync(client, "purchases");
        Assert.Equal("Failed", (string)(await PostAsync(client, "runs"))["outcome"]!);
        Assert.Equal("Disabled", (string)(await PostAsync(client, "runs"))["outcome"]!);
        await PostAsync(client, "enabling");
        Assert.True(stage.Redbark.Destination.Enabled);
    }

    [Theory]
    [InlineData("purchases", """{"count":-1}""")]
    [InlineData("purchases", """{"cuont":1}""")]
    [InlineData("runs", "not json")]
    [InlineData("runs", """{"chunk":0}""")]
    [InlineData("redeliveries", """{"eventId":"none"}""")]
    [InlineData("trades", """{"count":1}""")]
    [InlineData("clock", """{"hours":-1}""")]
    public async Task A_bad_order_is_refused_with_its_reason(string path, string body)
    {
        await using var stage = await Stage.SetAsync(trades: 0);
        using var client = new HttpClient { BaseAddress = await stage.Redbark.StartRestAsync(cancellationToken: TestContext.Current.CancellationToken) };

        Assert.NotEmpty((string)(await PostAsync(client, path, body, HttpStatusCode.BadRequest))["error"]!);
    }

    [Fact]
    public void Settings_become_options()
    {
        var options = SimulatorSettings.Read(Settings(
            ("Seed", "9"), ("Rows", "12"), ("Accounts", "2"), ("Quirks", "ZeroAmounts, NullCurrency"), ("Destination", "http://127.0.0.1:8080/webhooks/redbark"),
            ("Secret", "s"), ("ApiKey", "k"), ("AutoDisable", "AfterFiveFailedRuns")));

        Assert.Equal((9, 12, 2, BankQuirks.ZeroAmounts | BankQuirks.NullCurrency), (options.Bank.Seed, options.Bank.Rows, options.Bank.Accounts, options.Bank.Quirks));
        Assert.Equal(("k", AutoDisable.AfterFiveFailedRuns), (options.Rest.ApiKey, options.Sender.AutoDisable));
        Assert.Equal(["s"], options.Destination!.Secrets);
        Assert.Equal(SimulatorSettings.DefaultPort, SimulatorSettings.Port(Settings()));
    }

    [Theory]
    [InlineData("Rows", "many")]
    [InlineData("Accounts", "0")]
    [InlineData("TimeZone", "Sydney")]
    [InlineData("Quirks", "Strange")]
    [InlineData("Destination", "ftp://host")]
    public void A_setting_that_cannot_be_used_is_named(string key, string value)
    {
        var error = Assert.Throws<SimulatorSettingException>(() => SimulatorSettings.Read(Settings((key, value))));
        Assert.StartsWith($"{key}: found '{value}'", error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, string body = "", HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/simulator/" + path, content);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{path}: {(int)response.StatusCode} {answer}");
        return JsonNode.Parse(answer)!;
    }
}
