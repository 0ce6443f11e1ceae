using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Testing;
using System.Security.Cryptography;

namespace Redbark.Sync.Simulator.Tests.Bank;

public sealed class BankTests
{
    [Fact]
    public async Task The_same_seed_sends_the_same_bytes()
    {
        await using var one = await Stage.SetAsync(rows: 300, trades: 5, includePending: true);
        await using var other = await Stage.SetAsync(rows: 300, trades: 5, includePending: true);

        foreach (var stage in new[] { one, other })
        {
            await stage.Redbark.RunAsync();
            stage.Redbark.Generator.PostRows(5);
            await stage.Redbark.RunAsync();
        }

        Assert.Equal(3, one.Receiver.Received.Count);
        Assert.Equal(one.Receiver.Received.Select(Hash), other.Receiver.Received.Select(Hash));

        static string Hash(Received request) => Convert.ToHexString(SHA256.HashData(request.Body));
    }

    [Fact]
    public void Another_seed_makes_another_bank()
    {
        Assert.Empty(Make(new BankOptions { Seed = 1 }).Transactions.Select(row => row.Id).Intersect(Make(new BankOptions { Seed = 2 }).Transactions.Select(row => row.Id)));
    }

    [Fact]
    public void A_generated_bank_holds_exactly_what_was_asked_for()
    {
        var bank = Make(new BankOptions { Accounts = 6, Rows = 1000, PendingRows = 9, Trades = 11 });

        Assert.Equal(7, bank.Accounts.Count);
        Assert.Equal(["AUD", "JPY", "KWD", "USD"], bank.Accounts.Select(account => account.Currency).Distinct().Order());
        Assert.Equal(1000, bank.Transactions.Count(row => row.Status == TransactionStatus.Posted));
        Assert.Equal(9, bank.Transactions.Count(row => row.Status == TransactionStatus.Pending));
        Assert.Equal(11, bank.Trades.Count);
        Assert.All(bank.Transactions, row => Assert.Matches("^bank_tx_[0-9a-f]{64}$", row.Id));
        Assert.All(bank.Transactions, row => Assert.True(row.OccurredAt <= bank.Clock.GetUtcNow() && (row.PostedAt ?? default) <= bank.Clock.GetUtcNow()));
        Assert.All(bank.Holdings(bank.Accounts.Single(account => account.IsBrokerage).Id), holding => Assert.True(holding.Quantity > 0));
    }

    [Fact]
    public void A_bank_can_be_large()
    {
        Assert.Equal(150_000, Make(new BankOptions { Rows = 150_000, PendingRows = 0 }).Transactions.Count);
    }

    [Fact]
    public void Every_quirk_occurs_when_it_is_on_and_none_when_they_are_off()
    {
        var options = new BankOptions { Rows = 3000 };
        var plain = Make(options with { Quirks = BankQuirks.None });
        var odd = Make(options with { Quirks = BankQuirks.All });

        Assert.All(Quirks(plain), quirk => Assert.False(quirk.Seen, quirk.Name));
        Assert.All(Quirks(odd), quirk => Assert.True(quirk.Seen, quirk.Name));
    }

    [Fact]
    public void A_balance_is_the_opening_and_the_posted_rows()
    {
        var bank = Make(new BankOptions { Rows = 100 });
        var account = bank.Accounts[0];
        var before = bank.Balances()[0];

        bank.Post(account.Id, -4550, "COFFEE");
        bank.Post(account.Id, -1000, "HOTEL", TransactionStatus.Pending);

        var after = bank.Balances()[0];
        Assert.Equal(account.OpeningMinorUnits + bank.Transactions.Where(row => row.AccountId == account.Id && row.Status == TransactionStatus.Posted).Sum(row => row.MinorUnits), after.Current);
        Assert.Equal(before.Current - 4550, after.Current);
        Assert.Equal(before.Available - 5550, after.Available);
        Assert.Equal(before.PostedTotal - 4550, after.PostedTotal);
    }

    [Fact]
    public void A_hold_that_says_posted_counts_only_when_it_settles()
    {
        var bank = Make(new BankOptions { Rows = 0, PendingRows = 0 });
        var account = bank.Accounts[0];
        var now = bank.Clock.GetUtcNow();
        var hold = bank.Post(new BankTransaction
        {
            Id = bank.NextTransactionId(), AccountId = account.Id, Status = TransactionStatus.Posted, MinorUnits = -900, Description = "AUTHORISATION",
            MerchantName = "Netflix", OccurredAt = now, PostedAt = now, IsHold = true,
        });
        Assert.Equal((account.OpeningMinorUnits, -900), (bank.Balances()[0].Current, bank.Balances()[0].PostedTotal));

        var settled = bank.Settle(hold.Key, underNewId: true);

        Assert.Null(bank.Find(hold.Key));
        Assert.NotEqual(hold.Id, settled.Id);
        Assert.Equal(account.OpeningMinorUnits - 900, bank.Balances()[0].Current);
    }

    [Fact]
    public void The_pending_twin_of_a_posted_row_can_come_late()
    {
        var bank = Make(new BankOptions { Rows = 1, PendingRows = 0 });
        var posted = bank.Transactions[0];

        var twin = bank.PostLatePending(posted.Key);

        Assert.Equal((TransactionStatus.Pending, posted.MinorUnits, null), (twin.Status, twin.MinorUnits, twin.PostedAt));
        Assert.NotEqual(posted.Id, twin.Id);
    }

    [Fact]
    public void A_posted_row_cannot_be_settled_and_a_correction_cannot_rename()
    {
        var bank = Make(new BankOptions { Rows = 1, PendingRows = 0, Quirks = BankQuirks.None });
        var posted = bank.Transactions[0];

        Assert.Throws<ArgumentException>(() => bank.Settle(posted.Key, underNewId: false));
        Assert.Throws<ArgumentException>(() => bank.Correct(posted.Key, before => before with { Id = "other" }));
    }

    [Fact]
    public void The_date_of_an_instant_is_the_date_in_the_zone_of_the_user()
    {
        Assert.Equal(new DateOnly(2026, 9, 1), Make(new BankOptions { Rows = 0 }).DateOf(DateTimeOffset.Parse("2026-08-31T17:18:00Z")));
    }

    [Fact]
    public void A_bank_that_starts_behind_and_is_advanced_by_as_much_sends_no_row_of_the_future()
    {
        var clock = new ManualClock();
        var behind = TimeSpan.FromHours(20);
        var generator = BankGenerator.Create(new BankOptions { Rows = 300, PendingRows = 20, Behind = behind, TimeZone = "UTC" }, clock);
        var bank = generator.Bank;
        var started = clock.GetUtcNow() - behind;

        Assert.Equal(started, bank.Clock.GetUtcNow());
        Assert.Equal(DateOnly.FromDateTime(started.UtcDateTime), bank.Today);
        Assert.All(bank.Transactions, row => Assert.True(row.OccurredAt <= started && (row.PostedAt ?? default) <= started));
        Assert.All(bank.Trades, trade => Assert.True(trade.TradeDate < bank.Today));

        bank.Clock.Advance(behind);
        generator.PostRows(5);
        foreach (var pending in bank.Transactions.Where(row => row.Status == TransactionStatus.Pending).ToList())
            bank.Settle(pending.Key, underNewId: true);

        Assert.Equal(clock.GetUtcNow(), bank.Clock.GetUtcNow());
        Assert.Contains(bank.Transactions, row => row.PostedAt == clock.GetUtcNow());
        Assert.All(bank.Transactions, row => Assert.True(row.OccurredAt <= clock.GetUtcNow() && row.PostedAt <= clock.GetUtcNow()));
    }

    [Fact]
    public void A_bank_cannot_start_ahead_of_its_clock()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Make(new BankOptions { Behind = TimeSpan.FromSeconds(-1) }));
    }

    private static SimulatedBank Make(BankOptions options) => BankGenerator.Create(options, new ManualClock()).Bank;

    private static IEnumerable<(string Name, bool Seen)> Quirks(SimulatedBank bank)
    {
        var rows = bank.Transactions;
        yield return ("zero amounts", rows.Any(row => row is { MinorUnits: 0, Direction: "debit" }));
        yield return ("padded merchants", rows.Any(row => row.MerchantName is { } name && name != name.Trim()));
        yield return ("twins", rows.GroupBy(row => row with { Id = "" }).Any(same => same.Count() > 1));
        yield return ("shared names", bank.Accounts.DistinctBy(account => account.Name).Count() < bank.Accounts.Count);
        yield return ("holds as posted", rows.Any(row => row is { IsHold: true, Status: TransactionStatus.Posted, Description: "AUTHORISATION" }));
        yield return ("category labels", rows.Any(row => row.Category is { } category && category.Any(char.IsLower)));
        yield return ("null categories", rows.Any(row => row.Category is null));
        foreach (var shape in new[] { RowShape.NullCurrency, RowShape.UpperCaseCurrency, RowShape.Old, RowShape.DayOnly })
            yield return (shape.ToString(), rows.Any(row => row.Shape == shape));
    }
}
