using System.Globalization;
using System.Text.RegularExpressions;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Worker.Export;
using Redbark.Sync.Worker.Tests.Export.Support;
using Redbark.Sync.Worker.Tests.Gaps;

namespace Redbark.Sync.Worker.Tests.Export;

/// <summary>A generated bank with several currencies, trades, pending rows and transfers, as hledger and Beancount read its ledger.</summary>
public sealed partial class GeneratedBankTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_programs_accept_the_export_with_its_assertions_and_come_to_the_ledgers_balances(int seed)
    {
        await using var stage = await BankAsync(seed);
        foreach (var format in (ExportFormat[])[ExportFormat.Hledger, ExportFormat.Beancount])
        {
            using var posted = await Exported.CreateAsync(stage.Worker, new ExportRequest(format));
            await posted.AssertValidAsync();
            Assert.True(posted.Assertions >= 5, $"{posted.Assertions} assertions in\n{posted.Text}");
            var names = posted.Names();
            Assert.Equal(await LedgerAsync(stage, names), await posted.BalancesAsync(names.ContainsValue));
            Assert.Equal(await EntriesAsync(stage, pending: false), await posted.EntriesAsync());

            using var pending = await Exported.CreateAsync(stage.Worker, new ExportRequest(format, Pending: true));
            await pending.AssertValidAsync();
            Assert.Equal(posted.Assertions, pending.Assertions);
            Assert.Equal(await LedgerAsync(stage, names), await pending.BalancesAsync(names.ContainsValue));
            Assert.NotEmpty(await pending.BalancesAsync(name => name.Contains(":Pending:", StringComparison.Ordinal)));
            Assert.Equal(await EntriesAsync(stage, pending: true), await pending.EntriesAsync());

            Assert.Equal(posted.Text, await Exported.TextAsync(stage.Worker, new ExportRequest(format)));
        }
    }

    [Fact]
    public async Task An_export_of_some_days_begins_with_what_was_before_them()
    {
        await using var stage = await BankAsync(4);
        var middle = await stage.Worker.ScalarAsync<DateOnly>("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY booked_on) FROM ledger.transactions");
        foreach (var format in (ExportFormat[])[ExportFormat.Hledger, ExportFormat.Beancount])
        {
            using var late = await Exported.CreateAsync(stage.Worker, new ExportRequest(format, From: middle));
            await late.AssertValidAsync();
            Assert.True(late.Assertions > 0);
            var names = late.Names();
            Assert.Equal(await LedgerAsync(stage, names), await late.BalancesAsync(names.ContainsValue));

            using var early = await Exported.CreateAsync(stage.Worker, new ExportRequest(format, To: middle.AddDays(-1)));
            await early.AssertValidAsync();
            using var first = await Exported.CreateAsync(stage.Worker, new ExportRequest(format, From: middle, To: middle));
            await first.AssertValidAsync();
            Assert.DoesNotMatch($@"^(?!{middle:yyyy-MM-dd}|{middle.AddDays(-1):yyyy-MM-dd}|{middle.AddDays(1):yyyy-MM-dd} balance)\d{{4}}", first.Text);
        }
    }

    [Fact]
    public async Task One_account_alone_comes_to_its_own_balance()
    {
        await using var stage = await BankAsync(5);
        var account = await stage.Worker.ScalarAsync<long>("SELECT id FROM ledger.accounts WHERE external_id = $1", $"{stage.Redbark.Bank.Accounts[0].Id}");
        foreach (var format in (ExportFormat[])[ExportFormat.Hledger, ExportFormat.Beancount])
        {
            using var one = await Exported.CreateAsync(stage.Worker, new ExportRequest(format, AccountId: account));
            await one.AssertValidAsync();
            Assert.True(one.Assertions > 0);
            var name = one.Names()[$"{stage.Redbark.Bank.Accounts[0].Id}"];
            Assert.Equal((await LedgerAsync(stage, one.Names())).Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal)), await one.BalancesAsync(other => other == name));
        }
    }

    [Fact]
    public async Task An_assertion_or_a_row_that_is_changed_is_noticed()
    {
        await using var stage = await BankAsync(6);
        using var hledger = await Exported.CreateAsync(stage.Worker, new ExportRequest(ExportFormat.Hledger));
        await FailsAsync(hledger.With(Exported.Asserted().Replace(hledger.Text, match => match.Value.Replace(" = ", " = 1", StringComparison.Ordinal), 1)), "assertion");
        await FailsAsync(hledger.With(hledger.Text.Replace("commodity JPY", "commodity XXX", StringComparison.Ordinal)), "commodity");
        using var beancount = await Exported.CreateAsync(stage.Worker, new ExportRequest(ExportFormat.Beancount));
        await FailsAsync(beancount.With(Figure().Replace(beancount.Text, match => $"{match.Groups[1].Value}1{match.Groups[2].Value}", 1)), "Balance failed");

        static async Task FailsAsync(Exported spoilt, string why)
        {
            using (spoilt)
            {
                var (exitCode, output) = await spoilt.CheckAsync();
                Assert.NotEqual(0, exitCode);
                Assert.Contains(why, output);
            }
        }
    }

    [Fact]
    public async Task CSV_has_each_row_once()
    {
        await using var stage = await BankAsync(7);
        var lines = Lines(await Exported.TextAsync(stage.Worker, new ExportRequest(ExportFormat.Csv, Pending: true)));
        Assert.Equal(
            await stage.Worker.QueryAsync("SELECT concat_ws(' ', a.external_id, e.external_id, trim_scale(e.amount), e.currency, e.counts_as_posted) FROM ledger.entries e JOIN ledger.accounts a ON a.id = e.account_id "
                + "WHERE e.effective_status IN ('posted', 'pending', 'hold') ORDER BY a.external_id COLLATE \"C\", e.external_id COLLATE \"C\"", row => row.GetString(0)),
            lines.Where(line => line["kind"] == "transaction")
                .OrderBy(line => line["account_id"], StringComparer.Ordinal).ThenBy(line => line["id"], StringComparer.Ordinal)
                .Select(line => $"{line["account_id"]} {line["id"]} {Trimmed(line["amount"])} {line["currency"]} {(line["status"] == "posted" ? "t" : "f")}"));
        Assert.Equal(await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.trades"), lines.Count(line => line["kind"] == "trade"));
        Assert.Contains(lines, line => line["transfer_id"].Length > 0);
        Assert.True(lines.Count(line => line["kind"] == "balance") >= 5);

        static string Trimmed(string amount) => (decimal.Parse(amount, CultureInfo.InvariantCulture) / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
    }

    private static List<Dictionary<string, string>> Lines(string text)
    {
        using var csv = new CsvHelper.CsvReader(new StringReader(text), CultureInfo.InvariantCulture);
        csv.Read();
        csv.ReadHeader();
        var lines = new List<Dictionary<string, string>>();
        while (csv.Read())
            lines.Add(csv.HeaderRecord!.ToDictionary(column => column, column => csv[column]!));
        return lines;
    }

    private static async Task<HealingStage> BankAsync(int seed)
    {
        var stage = new HealingStage { Bank = new BankOptions { Seed = seed, Accounts = 4, Rows = 240, Trades = 20, PendingRows = 4, Days = 30, Quirks = BankQuirks.All } };
        await stage.StartAsync();
        var bank = stage.Redbark.Bank;
        var open = (Name: "", Currency: "", Type: "");
        foreach (var account in ((string, string, string)[])[("Tōkyō: 普通預金; \"main\"", "JPY", "savings"), ("kuwait  card", "KWD", "credit-card")])
        {
            open = account;
            bank.Open(bank.Accounts[0] with
            {
                Id = new Guid(seed, (short)bank.Accounts.Count, 1, 1, 2, 3, 4, 5, 6, 7, 8), PublicId = $"acct_extra_{bank.Accounts.Count}", Name = open.Name, Currency = open.Currency, Type = open.Type,
                OpeningMinorUnits = 123_456,
            });
        }

        var random = new Random(seed);
        var own = bank.Accounts.Where(account => !account.IsBrokerage).ToList();
        foreach (var account in own.TakeLast(2))
        {
            for (var row = 0; row < 10; row++)
                bank.Post(account.Id, random.Next(-900_000, 900_000), $"row {row}; 100% \"quoted\" | (odd)");
        }

        await stage.Redbark.RunAsync();
        await stage.ProveAsync();
        for (var day = 0; day < 4; day++)
        {
            stage.Clock.Advance(TimeSpan.FromHours(random.Next(5, 20)));
            var alike = own.GroupBy(account => account.Currency).First(group => group.Count() > 1).ToList();
            var amount = random.Next(1, 1_000_000);
            bank.Post(alike[0].Id, -amount, "To savings");
            bank.Post(alike[1].Id, amount, "From everyday");
            bank.Post(own[random.Next(own.Count)].Id, random.Next(-5000, 5000), "Something");
            bank.Post(own[0].Id, -random.Next(1, 5000), "Not booked yet", TransactionStatus.Pending);
            await stage.Redbark.RunAsync();
            stage.Clock.Advance(TimeSpan.FromHours(random.Next(5, 20)));
            await stage.ProveAsync();
        }

        Assert.Contains("proved", await stage.RunJobAsync("reconcile"));
        return stage;
    }

    /// <summary>Openings and posted rows, and units, as the ledger holds them.</summary>
    private static async Task<List<string>> LedgerAsync(HealingStage stage, Dictionary<string, string> names)
    {
        var money = await stage.Worker.QueryAsync(
            """
            SELECT a.external_id, trim_scale(sum(amount))::text, held.currency FROM (
                SELECT account_id, currency::text AS currency, amount FROM ledger.entries WHERE counts_as_posted
                UNION ALL
                SELECT r.account_id, a.currency::text, r.opening FROM ledger.reconciliations r JOIN ledger.accounts a ON a.id = r.account_id
                WHERE subject = '' AND proved_at IS NOT NULL
                UNION ALL
                SELECT account_id, symbol, quantity FROM ledger.positions
            ) held JOIN ledger.accounts a ON a.id = held.account_id GROUP BY 1, 3 HAVING sum(amount) <> 0
            """,
            row => $"{names[row.GetString(0)]} {row.GetString(1)} {row.GetString(2)}");
        money.Sort(StringComparer.Ordinal);
        return money;
    }

    /// <summary>One a row, but one for two of a transfer, one a trade, one for the openings.</summary>
    private static async Task<int> EntriesAsync(HealingStage stage, bool pending)
    {
        var rows = await stage.Worker.ScalarAsync<long>($"SELECT count(*) FROM ledger.entries WHERE counts_as_posted OR {pending} AND effective_status IN ('pending', 'hold')");
        var trades = await stage.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.trades WHERE type IN ('buy', 'sell')");
        var transfers = await stage.Worker.ScalarAsync<long>("""
            SELECT count(*) FROM (
                SELECT 1 FROM ledger.entries WHERE counts_as_posted AND amount <> 0 GROUP BY booked_on, currency, abs(amount)
                HAVING count(*) = 2 AND sum(amount) = 0 AND count(DISTINCT account_id) = 2) pairs
            """);
        Assert.True(transfers >= 1);
        return (int)(rows + trades - transfers + 1);
    }

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\d balance \S+  -?)(\d)", RegexOptions.Multiline)]
    private static partial Regex Figure();
}
