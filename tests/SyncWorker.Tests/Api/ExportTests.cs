using System.Net;

namespace Redbark.Sync.Worker.Tests.Api;

public sealed class ExportTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("export", "format", "")]
    [InlineData("export?format=xml", "format", "xml")]
    [InlineData("export?format=HLEDGER", "format", "HLEDGER")]
    [InlineData("export?format=csv&from=today", "from", "today")]
    [InlineData("export?format=csv&to=2026-02-30", "to", "2026-02-30")]
    [InlineData("export?format=csv&accountId=acct_1", "accountId", "acct_1")]
    [InlineData("export?format=csv&pending=yes", "pending", "yes")]
    public async Task A_parameter_that_cannot_be_used_is_named(string address, string parameter, string found)
    {
        var problem = await host.ProblemAsync(400, $"/api/v1/{address}");
        Assert.Equal(("parameter_invalid", parameter, found), ((string?)problem["reason"], (string?)problem["parameter"], (string?)problem["found"]));
    }

    [Fact]
    public async Task An_account_that_there_is_not_is_said_to_be_unknown() =>
        Assert.Equal("account_unknown", (string?)(await host.ProblemAsync(404, "/api/v1/export?format=csv&accountId=424242"))["reason"]);

    [Theory]
    [InlineData("hledger", "text/plain", "redbark-sync.journal", "    Assets:Savings    -45.50 AUD\n    ; id: bank_tx_901\n")]
    [InlineData("beancount", "text/plain", "redbark-sync.beancount", "  Assets:Savings  -45.50 AUD\n    id: \"bank_tx_901\"\n")]
    [InlineData("csv", "text/csv", "redbark-sync.csv", "transaction,2026-11-02,external-90,Savings,bank_tx_901,posted,-45.50,AUD,Coles,'=Groceries,GROCERIES,R-1,")]
    public async Task The_ledger_is_sent_as_a_file(string format, string type, string name, string content)
    {
        if ((await host.Client.GetAsync("/api/v1/accounts/90")).StatusCode == HttpStatusCode.NotFound)
        {
            await host.AccountAsync(90, name: "Savings");
            await host.TransactionAsync(901, 90, "-45.50", description: "=Groceries");
        }

        using var answer = await host.Client.GetAsync($"/api/v1/export?format={format}&accountId=90&from=2026-11-01&to=2026-11-30");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((type, "utf-8"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentType?.CharSet));
        Assert.Equal(("attachment", name), (answer.Content.Headers.ContentDisposition?.DispositionType, answer.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains(content, await answer.Content.ReadAsStringAsync());
    }
}
