using System.Net;
using System.Text.RegularExpressions;
using Redbark.Sync.Worker.Tests.Api;
using Redbark.Sync.Worker.Tests.SignIn;

namespace Redbark.Sync.Worker.Tests.Console;

/// <summary>The pages of single transactions and trades, of trades and of positions.</summary>
public sealed class RowPageTests
{
    [Fact]
    public async Task A_transaction_shows_every_version_what_changed_and_the_delivery_of_each()
    {
        await using var own = await ConsoleHost.StartAsync();
        var (first, second) = (Seed.DeliveryId(Seed.Noon), Seed.DeliveryId(Seed.Noon.AddHours(1)));
        await own.Host.AccountAsync(1, name: "Everyday");
        await own.Host.TransactionAsync(11, 1, "-45.50", status: "pending", description: "COLES", delivery: first);
        await own.Host.SqlAsync("UPDATE ledger.transactions SET status = 'posted', amount = -46.00, description = '<i>Coles</i> Sydney', delivery_id = $1, revision = 2, recorded_at = now(), content_hash = gen_random_uuid() WHERE id = 11", second);
        using var browser = await Browser.SignedInAsync(own.Host);
        var html = WebUtility.HtmlDecode(await AccountPageTests.ReadAsync(own.Host, browser, "/transactions/11"));
        var raw = await AccountPageTests.ReadAsync(own.Host, browser, "/transactions/11");

        Assert.DoesNotContain("<i>Coles</i>", raw, StringComparison.Ordinal);
        Assert.Contains("Version 2", html, StringComparison.Ordinal);
        Assert.Contains("<del>−45.50 AUD</del>", html, StringComparison.Ordinal);
        Assert.Contains("<ins>−46.00 AUD</ins>", html, StringComparison.Ordinal);
        Assert.Contains("<del>pending</del>", html, StringComparison.Ordinal);
        Assert.Contains("<del>COLES</del>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<del>5411</del>", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/deliveries/{first}\"", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"/deliveries/{second}\"", html, StringComparison.Ordinal);
        Assert.Contains("It is part of the ledger's balance.", html, StringComparison.Ordinal);

        await own.Host.SqlAsync("DELETE FROM ledger.transactions WHERE id = 11");
        Assert.Contains("no longer in the ledger", await AccountPageTests.ReadAsync(own.Host, browser, "/transactions/11"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_that_was_settled_and_a_transfer_lead_to_their_other_side()
    {
        await using var own = await ConsoleHost.StartAsync();
        await own.Host.AccountAsync(1, name: "Everyday");
        await own.Host.AccountAsync(2, name: "Savings");
        await own.Host.TransactionAsync(11, 1, "-20.00", status: "pending", description: "Shop");
        await own.Host.TransactionAsync(12, 1, "-20.00", description: "Shop");
        await own.Host.SqlAsync("INSERT INTO ledger.settlements (row_id, account_id, by_id, kind, tier, decided_by, since) VALUES (11, 1, 12, 'settled', 'instant', 'automatic', now())");
        await own.Host.TransactionAsync(13, 1, "-300.00", description: "To savings");
        await own.Host.TransactionAsync(21, 2, "300.00", description: "From everyday");
        using var browser = await Browser.SignedInAsync(own.Host);

        Assert.Contains("href=\"/transactions/12\">row 12</a>, which took its place", await AccountPageTests.ReadAsync(own.Host, browser, "/transactions/11"), StringComparison.Ordinal);
        Assert.Contains("href=\"/transactions/11\">row 11</a>, whose place it took", await AccountPageTests.ReadAsync(own.Host, browser, "/transactions/12"), StringComparison.Ordinal);
        var transfer = await AccountPageTests.ReadAsync(own.Host, browser, "/transactions/13");
        Assert.Matches("to <a class=\"break\" href=\"/accounts/2\">Savings</a>: <a href=\"/transactions/21\">From everyday</a>", transfer);
        Assert.Equal(13, (long?)(await own.Host.GetAsync("/api/v1/transactions/21/transfer"))["id"]);

        // With a third of that amount and day nobody can tell which two are the transfer.
        await own.Host.TransactionAsync(22, 2, "300.00", description: "Other");
        Assert.Equal("transfer_unknown", (string?)(await own.Host.ProblemAsync(404, "/api/v1/transactions/13/transfer"))["reason"]);
        Assert.Equal("transfer_unknown", (string?)(await own.Host.ProblemAsync(404, "/api/v1/transactions/11/transfer"))["reason"]);
    }

    [Fact]
    public async Task Trades_are_filtered_and_each_has_its_versions()
    {
        await using var own = await ConsoleHost.StartAsync();
        await own.Host.AccountAsync(1, name: "Broker");
        await own.Host.TradeAsync(1, 1, "10", "465.2");
        await own.Host.TradeAsync(2, 1, "3", "470", type: "sell", tradedOn: "2026-11-03");
        await own.Host.TradeAsync(3, 1, "1", symbol: "<script>", tradedOn: "2026-11-04");
        await own.Host.SqlAsync("UPDATE ledger.trades SET quantity = 11, revision = 2, recorded_at = now(), content_hash = gen_random_uuid() WHERE id = 1");
        using var browser = await Browser.SignedInAsync(own.Host);
        Assert.Equal(["<script>", "VAS", "VAS"], await InstrumentsAsync("/trades"));
        Assert.Equal(["VAS"], await InstrumentsAsync("/trades?type=sell&accountId=1"));
        Assert.Equal(["<script>"], await InstrumentsAsync("/trades?from=2026-11-04"));
        Assert.Equal(["VAS", "VAS"], await InstrumentsAsync("/trades?symbol=VAS&to=2026-11-30"));

        var html = WebUtility.HtmlDecode(await AccountPageTests.ReadAsync(own.Host, browser, "/trades/1"));
        Assert.Contains("<del>10</del>", html, StringComparison.Ordinal);
        Assert.Contains("<ins>11</ins>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<del>465.2 AUD</del>", html, StringComparison.Ordinal);

        async Task<IEnumerable<string>> InstrumentsAsync(string address) => Regex.Matches(await AccountPageTests.ReadAsync(own.Host, browser, address), "href=\"/trades/\\d+\">([^<]+)</a>")
            .Select(match => WebUtility.HtmlDecode(match.Groups[1].Value));
    }

    [Fact]
    public async Task Positions_stand_beside_what_the_broker_holds_also_where_it_alone_knows_of_one()
    {
        await using var own = await ConsoleHost.StartAsync();
        await own.Host.AccountAsync(1, name: "Broker");
        await own.Host.TradeAsync(1, 1, "10");
        await own.Host.TradeAsync(2, 1, "2", symbol: "OWN");
        await own.Host.SqlAsync("""
            INSERT INTO ledger.reconciliations (account_id, provider_account_id, subject, status, cause, currency, opening, opening_known, expected, actual, drift, since, observed_at, findings, checked_at, changed_at)
            VALUES (1, 5, 'VAS', 'proved', NULL, 'AUD', 5, false, 15, 15, 0, NULL, now(), '[]', now(), now()),
                (1, 5, 'GHOST', 'drift', 'missing_rows', 'AUD', 0, false, 0, 7.5, 7.5, '2026-11-01', now(), '[]', now(), now())
            """);
        ApiHost.AssertJson("""["GHOST 0 7.5 drift 0","OWN 2 null null 1","VAS 10 15 proved 1"]""", System.Text.Json.Nodes.JsonNode.Parse(
            System.Text.Json.JsonSerializer.Serialize((await own.Host.AllAsync("/api/v1/positions?accountId=1", 1))
                .Select(item => $"{item["symbol"]} {item["quantity"]} {item["actual"] ?? "null"} {item["status"] ?? "null"} {item["trades"]}")))!);
        Assert.Equal(["GHOST"], (await own.Host.AllAsync("/api/v1/positions?status=drift", 10)).Select(item => (string?)item["symbol"]));

        using var browser = await Browser.SignedInAsync(own.Host);
        var html = WebUtility.HtmlDecode(await AccountPageTests.ReadAsync(own.Host, browser, "/positions?accountId=1"));
        Assert.Contains("since 2026-11-01: rows of the bank are missing here", html, StringComparison.Ordinal);
        Assert.Contains("no broker shows it", html, StringComparison.Ordinal);
        Assert.Contains(">differs<", html, StringComparison.Ordinal);
    }
}
