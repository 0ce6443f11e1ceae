using System.Diagnostics;
using Redbark.Sync.Worker.Settlement;
using static Redbark.Sync.Worker.Tests.Settlement.Rows;

namespace Redbark.Sync.Worker.Tests.Settlement;

public sealed class MatcherTests
{
    private static readonly DateTimeOffset Instant = new(2026, 8, 9, 19, 35, 43, 566, TimeSpan.Zero);

    [Fact]
    public void A_posted_row_of_the_same_payee_and_amount_settles_the_pending_one() => Is(["p→q Payee"], Pending("p"), Posted("q", 2) with { MerchantName = null });

    [Fact]
    public void The_posted_row_may_be_the_earlier_one() => Is(["p→q Text"], Pending("p", 1), Posted("q"));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void The_window_reaches_from_a_day_before_to_eight_days_after(int day, bool settles) =>
        Is(settles ? ["p→q Text"] : [], Pending("p", 20), Posted("q", 20 + day));

    [Theory]
    [InlineData("Woolworths", null, null, "VISA-WOOLWORTHS  xx4821", "Payee")]
    [InlineData("  Café – Bondi ", "x", "CAFÉ – BONDI", "y", "Text")]
    [InlineData(null, "NIB - 64699390", null, "NIB - xxxx9390", "Payee")]
    [InlineData(null, "TELSTRA BPAY  Ref#xxxxx2222", null, "Telstra Bpay Ref#123452222", "Payee")]
    [InlineData(null, "WOOLWORTHS 1234 SYDNEY CARD xx4821", null, "EFTPOS Purchase - WOOLWORTHS 9 SYDNEY", "Payee")]
    [InlineData(null, "Ext Tfr  - NET123456789  to xxxxxx Landlord", null, "EXT TFR - NETxxxxx6789 TO LANDLORD", "Payee")]
    [InlineData("Netflix", "one thing", "NETFLIX", "another", "Text")]
    public void The_same_payee_is_known_by_merchant_or_narration(string? merchant, string? description, string? postedMerchant, string? postedDescription, string tier) =>
        Is([$"p→q {tier}"],
            Pending("p") with { MerchantName = merchant, Description = description }, Posted("q") with { MerchantName = postedMerchant, Description = postedDescription });

    [Theory]
    [InlineData("Card purchase", "CARD PURCHASE")]
    [InlineData("Authorisation", "authorisation pending")]
    [InlineData("1234 5678", "xxxx5678")]
    [InlineData("Maxx", "Max")]
    [InlineData("Coles", "Woolworths")]
    [InlineData(null, null)]
    [InlineData(" ", " ")]
    public void Words_that_name_nobody_and_other_payees_settle_nothing(string? one, string? other) =>
        Is([], Pending("p") with { MerchantName = null, Description = one }, Posted("q") with { MerchantName = one is null ? null : " ", Description = other });

    [Fact]
    public void The_same_reference_or_instant_is_enough()
    {
        Is(["p→q Reference"], Pending("p", payee: null) with { Reference = "3fee1c" }, Posted("q", 3, payee: null) with { Reference = " 3FEE1C " });
        Is(["p→q Instant"], Pending("p", payee: null) with { OccurredAt = Instant }, Posted("q", 3, payee: null) with { OccurredAt = Instant });
        Is([], Pending("p", payee: null) with { Reference = "NOTPROVIDED" }, Posted("q", payee: null) with { Reference = "NOTPROVIDED" });
    }

    [Fact]
    public void A_midnight_is_a_day_and_no_instant()
    {
        var midnight = new DateTimeOffset(2026, 8, 9, 14, 0, 0, TimeSpan.Zero);
        Is([], Pending("p", payee: null) with { OccurredAt = midnight }, Posted("q", payee: null) with { OccurredAt = midnight });
    }

    [Fact]
    public void Another_amount_or_currency_never_settles()
    {
        Is([], Pending("p"), Posted("q", amount: -45.51m));
        Is([], Pending("p"), Posted("q", amount: 45.50m));
        Is([], Pending("p"), Posted("q") with { Currency = "NZD" });
        Is(["p→q Text"], Pending("p", amount: -45.5m), Posted("q", amount: -45.500m));
    }

    [Fact]
    public void Two_identical_purchases_stay_two()
    {
        Is(["p1→q1 Text", "p2→q2 Text"], Pending("p1"), Pending("p2"), Posted("q1"), Posted("q2"));
        Is(["p1→q1 Text"], Pending("p1"), Posted("q1"), Posted("q2"));
        Is(["p1→q1 Text"], Pending("p1"), Pending("p2"), Posted("q1"));
        Is([], Posted("q1"), Posted("q2"));
        Is([], Pending("p1"), Pending("p2"));
    }

    [Fact]
    public void As_many_are_settled_as_can_be_before_days_count() =>
        // p2 and q1 are of one day, but then p1 and q2 would be left.
        Is(["p1→q1 Text", "p2→q2 Text"], Pending("p1", 0), Pending("p2", 5), Posted("q1", 5), Posted("q2", 10));

    [Fact]
    public void Of_equal_numbers_the_fewest_days_win() =>
        Is(["p→q2 Text"], Pending("p", 5), Posted("q1", 9), Posted("q2", 6), Posted("q3", 8));

    [Fact]
    public void Stronger_evidence_goes_before_nearer_days_and_before_more_pairs()
    {
        Is(["p→q2 Reference"], Pending("p") with { Reference = "3fee1c" }, Posted("q1"), Posted("q2", 6) with { Reference = "3fee1c" });
        Is(["p1→q1 Instant"], Pending("p1") with { OccurredAt = Instant }, Pending("p2"),
            Posted("q1") with { OccurredAt = Instant }, Posted("q2", payee: null) with { MerchantName = null });
        Is(["p1→q2 Text", "p2→q1 Instant"], Pending("p1"), Pending("p2") with { OccurredAt = Instant }, Posted("q1") with { OccurredAt = Instant }, Posted("q2"));
    }

    [Fact]
    public void A_row_that_was_pending_under_its_own_id_is_nobodys_twin()
    {
        Is([], Pending("p"), Posted("q") with { WasPending = true });
        Is(["p→q2 Text"], Pending("p"), Posted("q1") with { WasPending = true }, Posted("q2", 3));
    }

    [Fact]
    public void A_rejected_pair_is_never_linked_and_does_not_stand_in_the_way()
    {
        var rows = new[] { Pending("p1"), Pending("p2"), Posted("q1"), Posted("q2") };
        var decisions = new SettlementDecisions([], new HashSet<RowPair> { new("p1", "q1") });
        Assert.Equal(["p1→q2 Text", "p2→q1 Text"], Match(rows, decisions).Links(rows));

        rows = [Pending("p"), Posted("q")];
        var outcome = Match(rows, new SettlementDecisions([], new HashSet<RowPair> { new("p", "q") }));
        Assert.Empty(outcome.Links);
        Assert.Empty(outcome.Suggestions);
    }

    [Fact]
    public void An_accepted_pair_goes_first_whatever_the_evidence()
    {
        var rows = new[] { Pending("p", amount: -50m), Pending("p2"), Posted("q1", 30, amount: -61m, payee: "Tips"), Posted("q2") };
        var decisions = new SettlementDecisions([new("p", "q1"), new("p2", "q1"), new("gone", "q2"), new("q2", "p2")], new HashSet<RowPair>());
        Assert.Equal(["p2→q2 Text", "p→q1 Accepted"], Match(rows, decisions).Links(rows));
    }

    [Fact]
    public void An_accepted_pair_never_crosses_currencies()
    {
        var rows = new[] { Pending("p"), Posted("q") with { Currency = "NZD" } };
        Assert.Empty(Match(rows, new SettlementDecisions([new("p", "q")], new HashSet<RowPair>())).Links);
    }

    [Fact]
    public void A_hold_sent_as_posted_is_recognised_and_settled_by_the_row_that_follows()
    {
        var hold = Posted("h") with { Description = " Authorisation " };
        Assert.Equal(["h hold"], Match([hold]).Lines([hold]));

        var twin = Posted("q", 3) with { MerchantName = null };
        Is(["h→q Payee"], hold, twin);
        Assert.Empty(Match([hold, twin]).Holds);
        // Two holds do not settle each other, and a pending row is not settled by a hold.
        Is([], hold, hold with { Id = 2, ExternalId = "h2" }, Pending("p"));
        Assert.Empty(Match([hold with { WasPending = true }]).Holds);
    }

    [Fact]
    public void Hold_rules_are_the_operators()
    {
        var options = new SettlementOptions();
        options.HoldRules.Add(new HoldRule { DescriptionMatches = "^hold( |$)" });
        options.HoldRules.Add(new HoldRule { DescriptionEquals = "Vorgemerkt", OnlyAccounts = { "another" } });
        SettlementRow[] rows = [Posted("h1") with { Description = "HOLD 123" }, Posted("h2") with { Description = "vorgemerkt" }, Posted("h3") with { Description = "AUTHORISATION" }];

        Assert.Equal([rows[0].Id], Match([rows[0]], options: options).Holds);
        Assert.Empty(Match(rows[1..], options: options).Holds);
        options.HoldRules[1].OnlyAccounts.Add("account");
        Assert.Equal(["h1 hold", "h2 hold"], Match(rows[..2], options: options).Lines(rows));
    }

    [Fact]
    public void What_nothing_settles_expires_and_a_late_twin_still_settles_it()
    {
        var rows = new[] { Pending("p"), Posted("h") with { Description = "AUTHORISATION", MerchantName = "Coles" } };
        var last = new DateTimeOffset(2026, 8, 23, 23, 59, 59, TimeSpan.Zero);
        Assert.Equal(["h hold"], Match(rows, now: last).Lines(rows));
        Assert.Equal(["h expired", "p expired"], Match(rows, now: last.AddSeconds(1)).Lines(rows));

        rows = [.. rows, Posted("q", 8)];
        Assert.Equal(["p→q Text", "h expired"], Match(rows, now: last.AddDays(100)).Lines(rows));
    }

    [Fact]
    public void A_check_of_nothing_settles_only_with_its_like_and_is_never_guessed()
    {
        Is(["p→q Text"], Pending("p", amount: 0m, payee: "Uber"), Posted("q", amount: 0m, payee: "Uber"));
        var rows = new[] { Pending("p", amount: 0m, payee: "Uber"), Posted("q1", amount: -0.01m, payee: "Uber"), Posted("q2", amount: 0m, payee: "Coles") };
        Assert.Empty(Match(rows).Lines(rows));
    }

    [Fact]
    public void The_same_amount_under_other_words_is_suggested()
    {
        var rows = new[] { Pending("p", payee: "Woolworths Town Hall"), Posted("q1", 1, payee: "Coles"), Posted("q2", 2, payee: "Woolworths Metro") };
        Assert.Equal(
            [
                "p?q1 same_amount 67 same amount, booked a day later; the wording differs",
                "p?q2 same_amount 73 same amount, booked 2 days later; the wording differs but has words in common",
            ],
            Match(rows).Lines(rows));
    }

    [Theory]
    [InlineData(-100, -120, "AUD", true)]
    [InlineData(-100, -120.01, "AUD", false)]
    [InlineData(-100, -80, "AUD", true)]
    [InlineData(-0.02, -0.03, "AUD", true)]
    [InlineData(-0.02, -0.04, "AUD", false)]
    [InlineData(-3, -4, "JPY", true)]
    [InlineData(-0.01, 0, "AUD", false)]
    public void A_like_amount_of_the_same_payee_is_suggested(decimal amount, decimal other, string currency, bool suggested)
    {
        var rows = new[] { Pending("p", amount: amount) with { Currency = currency }, Posted("q", 1, amount: other) with { Currency = currency } };
        var outcome = Match(rows);
        Assert.Empty(outcome.Links);
        Assert.Equal(suggested ? [SuggestionFinder.AmountDiffers] : [], outcome.Suggestions.Select(suggestion => suggestion.Kind));
        Assert.Empty(Match([rows[0], rows[1] with { MerchantName = "Coles", Description = "Coles" }]).Suggestions);
    }

    [Fact]
    public void What_is_settled_is_not_suggested()
    {
        var rows = new[] { Pending("p1"), Posted("q1"), Pending("p2", payee: "Coles"), Posted("q2", payee: "Aldi", amount: -12m) };
        Assert.Equal(["p1→q1 Text"], Match(rows).Lines(rows));
    }

    [Fact]
    public void A_tip_tells_by_how_much_the_amount_differs()
    {
        var rows = new[] { Pending("p", amount: -50m), Posted("q", 1, amount: -55.25m) };
        Assert.Equal(["p?q amount_differs 72 same payee, booked a day later; the amount differs by -5.25 AUD"], Match(rows).Lines(rows));
    }

    [Theory]
    [InlineData("identical")]
    [InlineData("days")]
    [InlineData("instants")]
    [InlineData("references that meet nobody's")]
    [InlineData("strangers")]
    public void Thousands_of_like_rows_are_settled_in_seconds(string shape)
    {
        const int count = 3000;
        var rows = new List<SettlementRow>();
        for (var n = 0; n < count; n++)
        {
            var day = shape == "days" ? n % 300 : n % 5;
            var (pending, posted) = (Pending($"p{n}", day) with { Id = n }, Posted($"q{n}", day + 1) with { Id = count + n });
            rows.Add(shape switch
            {
                "instants" => pending with { OccurredAt = Instant.AddSeconds(n) },
                "references that meet nobody's" => pending with { Reference = $"pending {n}" },
                "strangers" => pending with { MerchantName = $"Shop {(char)('a' + n % 26)}", Description = null },
                _ => pending,
            });
            rows.Add(shape switch
            {
                "instants" => posted with { OccurredAt = Instant.AddSeconds(n) },
                "references that meet nobody's" => posted with { Reference = $"posted {n}" },
                _ => posted,
            });
        }

        var started = Stopwatch.GetTimestamp();
        var outcome = Match(rows);
        TestContext.Current.TestOutputHelper?.WriteLine($"{shape}: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");

        Assert.Equal(shape == "strangers" ? 0 : count, outcome.Links.Count);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    private static void Is(string[] links, params SettlementRow[] rows)
    {
        Assert.Equal(links, Match(rows).Links(rows));
        Assert.Equal(links, Match(rows.Reverse()).Links(rows));
    }
}
