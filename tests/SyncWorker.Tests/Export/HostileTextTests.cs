using Microsoft.Extensions.Options;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Export;
using Redbark.Sync.Worker.Tests.Export.Support;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Export;

/// <summary>Whatever a bank writes in names, narrations and ids stays text.</summary>
public sealed class HostileTextTests : IAsyncLifetime
{
    private static readonly string[] Texts =
    [
        "", " ", ";", "; comment", "a;b", "\"", "\\", "\\\"", "a\"b\\", "|", "a | b", "(code) x", "( x", ")", "*", "* x", "!", "! x", "[2020-01-01]", "date:2020-01-01", "x, date:2020-01-01", "a,b",
        "a\nb", "a\r\nb", "line\n2020-01-01 * injected\n    Assets:X  1 AUD\n    Assets:Y", "\n", "\t", "tab\tin", "two  spaces", "a:b:c", ":", "::", "Assets:Everyday", "Pending", "Uncategorised",
        "Uncategorized", "Trading-Fees", "Trading Fees", "\u0001\u007F\u001B[31m", "\u202Egnp.exe", "\u2028\u2029\u0085", "\uFEFFbom", "日本語 口座", "हिन्दी", "Ünïcode – é", "😀", "é", "e\u0301", "ß", "ʼn",
        "Å", "%0A", "100%", "{{x}}", "{", "@@ 1 AUD", "= 0 AUD", "include /etc/passwd", "end comment", "comment", "1", "-1", "--", "-", "'", "''", "=SUM(A1)", "+1", "@x", "$", "#tag ^link", "!include", "AUD",
        "everyday", "Everyday", "EVERYDAY", "Every day", "Every-day", "Every_day", "FOOD_AND_DRINK", "Food And Drink", "Food & Drink", "NULL", "TRUE", "…", new string('x', 300), new string('é', 300),
    ];

    private TestDatabase _database = null!;
    private WorkerUnderTest _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString);
        var rows = new List<IWireRow>();
        var trades = new List<IWireRow>();
        foreach (var (text, n) in Texts.Select((text, n) => (text, n)))
        {
            rows.Add(Sent.Transaction($"id {n} {text}", $"account {n} {text}", -4550 - n) with
            {
                AccountName = text, Description = text, MerchantName = text, Category = text, CustomCategory = n % 3 == 0 ? text : null, Currency = "aud", Reference = text,
            });
            rows.Add(Sent.Transaction($"in {n}", "main", 100 + n) with { Description = text, Category = text, Currency = n % 2 == 0 ? "jpy" : "kwd", AccountName = "Everyday" });
            trades.Add(Sent.Trade($"buy {n} {text}", "broker") with { Symbol = text, Name = text, Type = "buy", Quantity = $"{n + 1}.123456789", Price = $"{n}.3333333333", Description = text, Currency = n % 2 == 0 ? "jpy" : "aud" });
            trades.Add(Sent.Trade($"sell {n} {text}", "broker") with { Symbol = text, Name = text, Type = "sell", Quantity = $"{n}.1", Price = $"{n}.7777777777", Description = text, Currency = n % 2 == 0 ? "jpy" : "aud", TradeDate = "2026-04-16" });
        }

        trades.Add(Sent.Trade("dividend\n2020-01-01 * x", "broker") with { Type = "dividend\n2020-01-01 * x", Quantity = null });
        trades.Add(Sent.Trade("short", "broker") with { Symbol = "SHORT", Type = "sell", Quantity = "5" });
        trades.Add(Sent.Trade("short again", "broker") with { Symbol = "SHORT", Type = "buy", Quantity = "7", TradeDate = "2026-04-16" });
        trades.Add(Sent.Trade("short sold", "broker") with { Symbol = "SHORT", Type = "sell", Quantity = "4", TradeDate = "2026-04-17" });
        trades.Add(Sent.Trade("nothing known", "broker") with { Symbol = "DARK", Price = null, TotalAmount = null, Fees = null });
        trades.Add(Sent.Trade("nothing known of the sale", "broker") with { Symbol = "DARK", Type = "sell", Quantity = "4", Price = null, TotalAmount = null, TradeDate = "2026-04-16" });
        trades.Add(Sent.Trade("none", "broker") with { Symbol = "VOO", Quantity = "0" });
        trades.Add(Sent.Trade("huge", "broker") with { Symbol = "HUGE", Quantity = "9999999999999999999999999999", Price = "9999999999999999999999999999" });
        trades.Add(Sent.Trade("tiny", "broker") with { Symbol = "TINY", Quantity = "0.0000000000000000000000000001", Price = "0.0000000000000000000000000001" });
        trades.Add(Sent.Trade("below zero", "broker") with { Symbol = "NEG", Quantity = "-3", Price = "-2.5" });
        await _worker.ApplyAsync(Sent.Transactions([.. rows]));
        await _worker.ApplyAsync(Sent.Trades([.. trades]));
        Assert.Equal(0, await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.quarantine"));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("Hledger")]
    [InlineData("Beancount")]
    public async Task The_program_accepts_it_finds_each_row_once_and_comes_to_the_ledgers_figures(string format)
    {
        using var exported = await Exported.CreateAsync(_worker, new ExportRequest(Enum.Parse<ExportFormat>(format)));
        await exported.AssertValidAsync();

        var expected = await _worker.ScalarAsync<long>(
            "SELECT (SELECT count(*) FROM ledger.transactions) + (SELECT count(*) FROM ledger.trades WHERE type IN ('buy', 'sell') AND quantity <> 0)");
        Assert.Equal(expected, await exported.EntriesAsync());

        var names = exported.Names();
        Assert.Equal(await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.accounts"), names.Count);
        Assert.Equal(names.Count, names.Values.Distinct().Count());
        var money = await _worker.QueryAsync(
            "SELECT a.external_id, trim_scale(sum(e.amount))::text, e.currency FROM ledger.entries e JOIN ledger.accounts a ON a.id = e.account_id GROUP BY 1, 3",
            row => $"{names[row.GetString(0)]} {row.GetString(1)} {row.GetString(2)}");
        Assert.Equal(money.Order(StringComparer.Ordinal), await exported.BalancesAsync(name => name != names["broker"] && names.ContainsValue(name)));

        var units = await exported.BalancesAsync(name => name == names["broker"]);
        Assert.Equal(await _worker.ScalarAsync<long>("SELECT count(*) FROM ledger.positions WHERE quantity <> 0"), units.Count);
        Assert.Contains($"{names["broker"]} -2 SHORT", units);
        Assert.Contains($"{names["broker"]} 6 DARK", units);
    }

    [Theory]
    [InlineData("Hledger")]
    [InlineData("Beancount")]
    [InlineData("Csv")]
    public async Task A_line_of_the_export_is_a_line_of_its_own_making(string format)
    {
        var text = await Exported.TextAsync(_worker, new ExportRequest(Enum.Parse<ExportFormat>(format)));
        Assert.DoesNotContain(text, letter => format != "Csv" && char.IsControl(letter) && letter != '\n');
        if (format != "Csv")
        {
            Assert.DoesNotContain('\u202E', text);
            Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("2020-", StringComparison.Ordinal) || line.StartsWith("include", StringComparison.Ordinal));
        }
        else
        {
            Assert.DoesNotMatch("(?m)(?:^|,)\"?[=+@]", text);
        }
    }

    [Fact]
    public async Task A_rebuilt_ledger_gives_the_same_bytes()
    {
        await using var other = await LedgerDatabase.CreateAsync();
        await using var rebuilt = new WorkerUnderTest(other.ConnectionString);
        // Other accounts first, so that the ledger's own ids are others.
        await rebuilt.ExecuteAsync("SELECT setval(pg_get_serial_sequence('ledger.accounts', 'id'), 1000), setval(pg_get_serial_sequence('ledger.transactions', 'id'), 5000)");
        var archived = await _worker.QueryAsync(
            "SELECT id, received_at, signed_at, body, body_length, body_sha256 FROM ledger.deliveries ORDER BY received_at DESC",
            row => (Id: row.GetGuid(0), ReceivedAt: row.GetFieldValue<DateTimeOffset>(1), SignedAt: row.GetFieldValue<DateTimeOffset>(2),
                Body: new StoredBody(row.GetFieldValue<byte[]>(3), row.GetInt32(4), row.GetString(5))));
        foreach (var delivery in archived)
        {
            var body = BodyStore.Unpack(delivery.Body);
            await rebuilt.ApplyAsync(DeliveryReader.Read(Sent.Envelope(body, delivery.ReceivedAt) with { Id = delivery.Id, SignedAt = delivery.SignedAt }, body));
        }

        foreach (var format in Enum.GetValues<ExportFormat>())
            Assert.Equal(await Exported.TextAsync(_worker, new ExportRequest(format)), await Exported.TextAsync(rebuilt, new ExportRequest(format)));
    }

    [Fact]
    public async Task A_name_of_the_settings_is_taken_as_it_is_and_no_other_account_has_it()
    {
        await using var named = new WorkerUnderTest(_database.ConnectionString);
        named.Get<IOptions<ExportOptions>>().Value.Accounts["main"] = "Assets:Everyday";
        named.Get<IOptions<ExportOptions>>().Value.Accounts["broker"] = "Assets:Everyday:Broker";
        foreach (var format in (ExportFormat[])[ExportFormat.Hledger, ExportFormat.Beancount])
        {
            using var exported = await Exported.CreateAsync(named, new ExportRequest(format));
            await exported.AssertValidAsync();
            Assert.Equal("Assets:Everyday", exported.Names()["main"]);
            Assert.Equal(exported.Names().Count, exported.Names().Values.Distinct().Count());
        }
    }

    [Theory]
    [InlineData("Everyday")]
    [InlineData("Assets")]
    [InlineData("Assets:everyday")]
    [InlineData("Assets:Every day")]
    [InlineData("Assets::X")]
    [InlineData("Assets:X:")]
    [InlineData("Expenses:X")]
    [InlineData("Assets:Pending")]
    [InlineData("Assets:Pending:X")]
    [InlineData("Assets:X\n")]
    [InlineData("Assets:Été")]
    public void A_name_that_not_every_format_takes_is_refused_with_its_key(string name)
    {
        var options = new ExportOptions { Accounts = { ["acct_1"] = name } };
        var result = new ExportOptionsValidator().Validate(null, options);
        Assert.StartsWith("Export:Accounts:acct_1: expected a name such as Assets:Bank:Everyday", Assert.Single(result.Failures!));
    }

    [Fact]
    public void Two_accounts_cannot_have_one_name()
    {
        var options = new ExportOptions { Accounts = { ["acct_1"] = "Assets:X", ["acct_2"] = "Assets:X", ["acct_3"] = "Liabilities:X-2:3" } };
        Assert.Equal("Export:Accounts: expected another name for each account, found 'Assets:X' for acct_1 and acct_2.", Assert.Single(new ExportOptionsValidator().Validate(null, options).Failures!));
    }
}
