using System.Text;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Quarantine;
using static Redbark.Sync.Worker.Tests.Quarantine.Bench;

namespace Redbark.Sync.Worker.Tests.Quarantine;

public sealed class CorrectionTests
{
    [Fact]
    public async Task A_corrected_row_enters_the_ledger_and_a_rebuild_gives_it_again()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "100"), Row("b", "\"much\""));
        var item = await bench.OpenAsync();
        Assert.Equal(QuarantineResult.Applied, (await bench.EditAsync(item, Row("b", "-4550"))).Result);

        Assert.Equal(["a 1.00 1", "b -45.50 1"], await bench.RowsAsync());
        Assert.Equal(["2 0 0 0 {}"], await bench.CountsAsync());
        Assert.Equal("applied a note", await bench.Worker.ScalarAsync<string>("SELECT state || ' ' || note FROM ledger.quarantine"));
        await bench.AssertRebuildsAsync();
        Assert.Equal(["2 0 0 0 {}"], await bench.CountsAsync());
    }

    [Fact]
    public async Task The_archive_stays_what_was_sent()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        var before = await BodyAsync();
        await bench.EditAsync(await bench.OpenAsync(), Row("a", "100"));
        Assert.Equal(before, await BodyAsync());
        Assert.Equal(Row("a", "\"much\""), await bench.Worker.ScalarAsync<string>("SELECT raw_json FROM ledger.quarantine"));

        Task<string> BodyAsync() => bench.Worker.ScalarAsync<string>("SELECT encode(body, 'hex') || body_sha256 FROM ledger.deliveries");
    }

    [Theory]
    [InlineData(0, "a 1.00 1")] // The bank's version is older: the correction stands.
    [InlineData(9, "a 7.00 2")] // It is newer: it wins, as it would over any row.
    public async Task A_later_delivery_wins_or_loses_by_the_rule_that_holds_for_all(int hour, string expected)
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(5, Row("a", "\"much\""));
        await bench.EditAsync(await bench.OpenAsync(), Row("a", "100"));
        await bench.DeliverAsync(hour, Row("a", "700"));
        Assert.Equal([expected], await bench.RowsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task The_same_row_sent_again_reads_as_its_correction()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        await bench.DeliverAsync(5, Row("a", "\"much\""));
        await bench.EditAsync(await bench.OpenAsync(), Row("a", "100"));
        // It stands for the newest delivery that holds it: a version between the two loses.
        await bench.DeliverAsync(3, Row("a", "700"));
        Assert.Equal(["a 1.00 1"], await bench.RowsAsync());
        await bench.DeliverAsync(7, Row("a", "700"));
        await bench.DeliverAsync(9, Row("a", "\"much\""));
        Assert.Equal(["a 1.00 3"], await bench.RowsAsync());
        Assert.Empty(await bench.OpenItemsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task Undoing_an_edit_takes_the_row_out_again_and_says_so()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "100"), Row("b", "\"much\""));
        var item = await bench.OpenAsync();
        var before = await bench.StateAsync();
        await bench.EditAsync(item, Row("b", "200"));
        Assert.Equal(QuarantineResult.Reopened, (await bench.UndoAsync(item)).Result);

        Assert.Equal(["a 1.00 1"], await bench.RowsAsync());
        Assert.Equal(["1 0 1 0 {}"], await bench.CountsAsync());
        Assert.Equal(before, await bench.StateAsync());
        Assert.Equal("b", await bench.Worker.ScalarAsync<string>("SELECT content ->> 'ExternalId' FROM ledger.outbox WHERE type = 'EntryRemoved'"));
        Assert.True(await bench.Worker.ScalarAsync<bool>("SELECT removed FROM ledger.transaction_revisions WHERE external_id = 'b'"));
        await bench.AssertRebuildsAsync();

        Assert.Equal(("quarantine_item_open", QuarantineResult.Refused), Told(await bench.UndoAsync(await bench.OpenAsync())));
    }

    [Fact]
    public async Task An_undo_gives_the_row_that_other_deliveries_told()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "100"));
        await bench.DeliverAsync(5, Row("a", "\"much\""));
        var item = await bench.OpenAsync();
        await bench.EditAsync(item, Row("a", "500"));
        Assert.Equal(["a 5.00 2"], await bench.RowsAsync());
        // It loses, and leaves no version; without the correction it is the newest.
        await bench.DeliverAsync(3, Row("a", "300"));
        Assert.Equal(["a 5.00 2"], await bench.RowsAsync());
        await bench.UndoAsync(item);
        Assert.Equal(["a 3.00 3"], await bench.RowsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task An_undo_takes_no_row_away_whose_former_version_is_not_kept_any_more()
    {
        await using var bench = await Bench.StartAsync();
        await bench.DeliverAsync(0, Bench.Row("kept", "-500"));
        await bench.DeliverAsync(1, Bench.Row("kept", "\"?\""));
        var item = await bench.OpenAsync();
        Assert.Equal(QuarantineResult.Applied, (await bench.EditAsync(item, Bench.Row("kept", "-700"))).Result);
        var rows = await bench.RowsAsync();

        // What Retention:Revisions does, long after the first delivery was recorded.
        await bench.Worker.ExecuteAsync("TRUNCATE ledger.transaction_revisions");
        await bench.Worker.ExecuteAsync("UPDATE ledger.deliveries SET recorded_at = recorded_at - interval '40 days'");
        var answer = await bench.UndoAsync(item);
        Assert.Equal((QuarantineResult.Refused, "revision_gone"), (answer.Result, answer.Reason));
        Assert.Equal(rows, await bench.RowsAsync());
    }

    [Fact]
    public async Task An_undo_leaves_a_newer_version_of_the_bank_alone()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(5, Row("a", "\"much\""));
        var item = await bench.OpenAsync();
        await bench.EditAsync(item, Row("a", "500"));
        await bench.DeliverAsync(7, Row("a", "700"));
        Assert.Equal(QuarantineResult.Reopened, (await bench.UndoAsync(item)).Result);
        Assert.Equal(["a 7.00 2"], await bench.RowsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task An_undo_counts_all_deliveries_that_hold_the_row()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        var item = await bench.OpenAsync();
        await bench.EditAsync(item, Row("a", "500"));
        await bench.DeliverAsync(2, Row("a", "\"much\""));
        Assert.Equal(["1 0 0 0 {}", "0 1 0 0 {}"], await bench.CountsAsync());
        await bench.UndoAsync(item);
        Assert.Equal(["0 0 1 0 {}", """0 0 0 1 {"already_quarantined": 1}"""], await bench.CountsAsync());
        Assert.Equal([item], await bench.OpenItemsAsync());
        Assert.Equal(1L, await bench.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.quarantine"));
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task A_row_is_edited_once_unless_the_edit_is_undone()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        var item = await bench.OpenAsync();
        await bench.EditAsync(item, Row("a", "100"));
        Assert.Equal(QuarantineResult.NotOpen, (await bench.EditAsync(item, Row("a", "200"))).Result);
        Assert.Equal(["a 1.00 1"], await bench.RowsAsync());
        await bench.UndoAsync(item);
        await bench.EditAsync(item, Row("a", "200"));
        Assert.Equal(["a 2.00 1"], await bench.RowsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task Of_edits_at_the_same_time_one_counts()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        var item = await bench.OpenAsync();
        var answers = await Task.WhenAll(Enumerable.Range(1, 6).Select(n => Task.Run(() => bench.EditAsync(item, Row("a", $"{n}00")))));
        var kept = Assert.Single(answers, answer => answer.Result == QuarantineResult.Applied);
        Assert.All(answers.Where(answer => answer != kept), answer => Assert.Equal(QuarantineResult.NotOpen, answer.Result));
        Assert.Equal([$"a {Array.IndexOf(answers, kept) + 1}.00 1"], await bench.RowsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task Decisions_and_deliveries_of_the_same_row_at_the_same_time_end_as_a_rebuild_would()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        var item = await bench.OpenAsync();
        var deliveries = Enumerable.Range(2, 8).Select(hour => Task.Run(() => bench.DeliverAsync(hour, Row("a", "\"much\""), Row("b", $"{hour}")))).ToList();
        var edits = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            await bench.EditAsync(item, Row("a", "100"));
            await bench.UndoAsync(item);
        }));
        await Task.WhenAll(deliveries.Concat<Task>(edits));
        await bench.EditAsync(item, Row("a", "100"));
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task A_drop_outlives_a_rebuild_and_can_be_taken_back()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""), Row("b", "100"));
        var item = await bench.OpenAsync();
        await bench.DropAsync(item);
        Assert.Equal(["""1 0 0 1 {"dropped": 1}"""], await bench.CountsAsync());
        await bench.AssertRebuildsAsync();
        Assert.Equal(["""1 0 0 1 {"dropped": 1}"""], await bench.CountsAsync());
        await bench.DeliverAsync(2, Row("a", "\"much\""));
        Assert.Empty(await bench.OpenItemsAsync());

        item = await bench.Worker.ScalarAsync<long>("SELECT id FROM ledger.quarantine");
        Assert.Equal(QuarantineResult.Reopened, (await bench.UndoAsync(item)).Result);
        Assert.Equal(["1 0 1 0 {}", """0 0 0 1 {"already_quarantined": 1}"""], await bench.CountsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task A_row_that_waits_for_a_currency_can_be_given_one_or_dropped_for_good()
    {
        await using var bench = await StartAsync();
        const string without = """{"id":"a","account_id":"fix-account","account_name":"Everyday","status":"posted","amount":100,"local_date":"2026-10-02"}""";
        await bench.DeliverAsync(1, without, without.Replace("\"a\"", "\"b\"", StringComparison.Ordinal), without.Replace("\"a\"", "\"c\"", StringComparison.Ordinal));
        var items = await bench.Worker.QueryAsync("SELECT id FROM ledger.quarantine ORDER BY external_id", row => row.GetInt64(0));
        Assert.Equal(("currency_unknown", QuarantineResult.Refused), Told(await bench.EditAsync(items[0], without)));
        await bench.EditAsync(items[0], without.Replace("\"amount\"", "\"currency\":\"USD\",\"amount\"", StringComparison.Ordinal));
        await bench.DropAsync(items[1]);
        Assert.Equal(["a 1.00 1"], await bench.RowsAsync());
        await bench.AssertRebuildsAsync();

        // The account's currency becomes known: what was decided stays, what waited enters.
        await bench.DeliverAsync(2, Row("d", "400"));
        Assert.Equal(["a 1.00 1", "c 1.00 1", "d 4.00 1"], await bench.RowsAsync());
        Assert.Equal("USD", await bench.Worker.ScalarAsync<string>("SELECT currency::text FROM ledger.transactions WHERE external_id = 'a'"));
        await bench.AssertRebuildsAsync();

        // A drop that is taken back lets it in.
        await bench.UndoAsync(await bench.Worker.ScalarAsync<long>("SELECT id FROM ledger.quarantine WHERE state = 'dropped'"));
        Assert.Equal(["a 1.00 1", "b 1.00 1", "c 1.00 1", "d 4.00 1"], await bench.RowsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task A_trade_is_corrected_and_taken_back_too()
    {
        await using var bench = await StartAsync();
        static string Trade(string quantity) => $$"""{"id":"t","account_id":"fix-account","type":"buy","symbol":"VOO","quantity":{{quantity}},"currency":"USD","trade_date":"2026-04-15"}""";
        await bench.DeliverAsync(EventTypes.TradesSynced, 1, Trade("\"some\""));
        var item = await bench.OpenAsync();
        Assert.Equal(("figure_invalid", QuarantineResult.Refused), Told(await bench.EditAsync(item, Trade("\"few\""))));
        await bench.EditAsync(item, Trade("10"));
        Assert.Equal(10m, await bench.Worker.ScalarAsync<decimal>("SELECT quantity FROM ledger.trades"));
        await bench.AssertRebuildsAsync();
        item = await bench.Worker.ScalarAsync<long>("SELECT id FROM ledger.quarantine");
        await bench.UndoAsync(item);
        Assert.Equal(0L, await bench.Worker.ScalarAsync<long>("SELECT (SELECT count(*) FROM ledger.trades) + (SELECT count(*) FROM ledger.accounts)"));
        await bench.AssertRebuildsAsync();
    }

    [Theory]
    [InlineData("", "not_json")]
    [InlineData("{", "not_json")]
    [InlineData("{} {}", "not_json")]
    [InlineData("[]", "not_an_object")]
    [InlineData("null", "not_an_object")]
    [InlineData("\"text\"", "not_an_object")]
    [InlineData("{}", "id_missing")]
    [InlineData("]}, \"updated\": [{\"id\": \"z\"}", "not_json")]
    [InlineData("{\"id\":\"a\",\"account_id\":\"another\",\"status\":\"posted\",\"amount\":1,\"currency\":\"AUD\",\"local_date\":\"2026-10-02\"}", "account_changed")]
    [InlineData("{\"id\":\"b\",\"account_id\":\"fix-account\",\"status\":\"posted\",\"amount\":1,\"currency\":\"AUD\",\"local_date\":\"2026-10-02\"}", "id_changed")]
    [InlineData("{\"id\":\"a\",\"account_id\":\"fix-account\",\"status\":\"posted\",\"amount\":1.5,\"currency\":\"AUD\",\"local_date\":\"2026-10-02\"}", "amount_invalid")]
    [InlineData("{\"id\":\"a\",\"account_id\":\"fix-account\",\"status\":\"posted\",\"amount\":99999999999999999999,\"currency\":\"AUD\",\"local_date\":\"2026-10-02\"}", "amount_invalid")]
    [InlineData("{\"id\":\"a\",\"account_id\":\"fix-account\",\"status\":\"posted\",\"amount\":1,\"currency\":\"AUD\",\"local_date\":\"never\"}", "date_missing")]
    public async Task What_is_no_usable_row_or_another_row_changes_nothing(string json, string reason)
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        var before = await bench.StateAsync();
        Assert.Equal((reason, QuarantineResult.Refused), Told(await bench.EditAsync(await bench.OpenAsync(), json)));
        Assert.Equal(before, await bench.StateAsync());
        Assert.Equal(0L, await bench.Worker.ScalarAsync<long>("SELECT count(*) FROM ledger.quarantine_decisions"));
    }

    [Fact]
    public async Task Hostile_text_is_text()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        var item = await bench.OpenAsync();
        var deep = string.Concat(Enumerable.Repeat("[", 9000));
        Assert.Equal("not_json", (await bench.EditAsync(item, Row("a", "1", $",\"x\":{deep}"))).Reason);
        Assert.Equal("row_too_long", (await bench.EditAsync(item, Row("a", "1", $",\"x\":\"{new string('x', 300_000)}\""))).Reason);
        Assert.Equal("not_json", (await bench.EditAsync(item, Row("a", "1") + "\0")).Reason);

        // Lone surrogates, NUL in an escape, markup, a name twice (the last counts, as in any delivery), SQL.
        var hostile = Row("a", "1", ",\"amount\":250,\"description\":\"<script>\\u0000\\ud800'; DROP TABLE ledger.transactions; --\",\"reference\":\"\ud800\"");
        Assert.Equal(QuarantineResult.Applied, (await bench.EditAsync(item, hostile)).Result);
        Assert.Equal(["a 2.50 1"], await bench.RowsAsync());
        Assert.Equal("<script>\uFFFD\uFFFD'; DROP TABLE ledger.transactions; --", await bench.Worker.ScalarAsync<string>("SELECT description FROM ledger.transactions"));
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task A_row_without_an_id_is_given_one_that_no_other_row_has()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "100"), Row("", "200"));
        var item = await bench.OpenAsync();
        Assert.Equal(("row_exists", QuarantineResult.Refused), Told(await bench.EditAsync(item, Row("a", "200"))));
        Assert.Equal(QuarantineResult.Applied, (await bench.EditAsync(item, Row("ours-1", "200"))).Result);
        Assert.Equal(["a 1.00 1", "ours-1 2.00 1"], await bench.RowsAsync());
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task A_correction_tells_nothing_of_its_account()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "100"));
        await bench.DeliverAsync(5, Row("b", "\"much\""));
        await bench.EditAsync(await bench.OpenAsync(), Row("b", "200", ",\"account_name\":\"Renamed\",\"account_public_id\":\"acct_1\",\"currency\":\"USD\""));
        Assert.Equal("Everyday AUD", await bench.Worker.ScalarAsync<string>("SELECT concat_ws(' ', name, currency, public_id) FROM ledger.accounts"));
        await bench.AssertRebuildsAsync();
    }

    [Fact]
    public async Task What_entered_by_itself_cannot_be_undone()
    {
        await using var bench = await StartAsync();
        const string without = """{"id":"a","account_id":"fix-account","status":"posted","amount":100,"local_date":"2026-10-02"}""";
        await bench.DeliverAsync(1, without);
        var item = await bench.OpenAsync();
        await bench.DeliverAsync(2, Row("b", "100"));
        Assert.Equal(("quarantine_item_not_edited", QuarantineResult.Refused), Told(await bench.UndoAsync(item)));
        Assert.Equal(QuarantineResult.NotFound, (await bench.UndoAsync(item + 100)).Result);
    }

    [Fact]
    public async Task A_pending_correction_that_was_posted_since_stays_and_says_why()
    {
        await using var bench = await StartAsync();
        await bench.DeliverAsync(1, Row("a", "\"much\""));
        var item = await bench.OpenAsync();
        await bench.EditAsync(item, Row("a", "100", ",\"status\":\"pending\""));
        await bench.DeliverAsync(2, Row("a", "150"));
        Assert.Equal(("correction_was_pending", QuarantineResult.Refused), Told(await bench.UndoAsync(item)));
        await bench.AssertRebuildsAsync();
    }

    /// <summary>Any sequence of deliveries, edits, drops and undos leaves what a rebuild from the archive and the decisions gives.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_happens_the_ledger_is_what_a_rebuild_gives(int seed)
    {
        var random = new Random(seed);
        await using var bench = await StartAsync();
        var said = new StringBuilder($"seed {seed}");
        for (var step = 0; step < 24; step++)
        {
            var (id, hour, amount) = ("abc"[random.Next(3)].ToString(), random.Next(12), random.Next(1, 4) * 100);
            switch (random.Next(6))
            {
                case 0 or 1:
                    Say($"deliver {id} {amount} at {hour}");
                    await bench.DeliverAsync(hour, Row(id, $"{amount}"));
                    break;
                case 2:
                    Say($"deliver bad {id} at {hour}, with {amount}");
                    await bench.DeliverAsync(hour, Row(id, $"\"bad {random.Next(2)}\""), Row("abc"[random.Next(3)].ToString(), $"{amount}"));
                    break;
                case 3 when await bench.OpenItemsAsync() is [_, ..] open:
                    var item = open[random.Next(open.Count)];
                    var of = await bench.Worker.ScalarAsync<string>("SELECT external_id FROM ledger.quarantine WHERE id = $1", item);
                    Say($"edit {of} {amount}: {(await bench.EditAsync(item, Row(of, $"{amount}"))).Result}");
                    break;
                case 4 when await bench.OpenItemsAsync() is [_, ..] open:
                    Say($"drop: {await bench.DropAsync(open[random.Next(open.Count)])}");
                    break;
                case 5 when await bench.Worker.QueryAsync("SELECT id FROM ledger.quarantine WHERE state <> 'open' ORDER BY id", row => row.GetInt64(0)) is [_, ..] decided:
                    Say($"undo: {(await bench.UndoAsync(decided[random.Next(decided.Count)])).Result}");
                    break;
            }
        }

        await bench.AssertRebuildsAsync(said.ToString());

        void Say(string what) => said.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n{what}");
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    private static (string?, QuarantineResult) Told(QuarantineAnswer answer) => (answer.Reason, answer.Result);
}
