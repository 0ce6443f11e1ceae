using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.OpenBanking.Revolut;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

public sealed partial class RevolutAccountTests
{
    [Fact]
    public async Task Accounts_are_listed_each_under_its_own_id()
    {
        await using var stage = await RevolutStage.SetAsync();

        var heard = await stage.GetAsync("/accounts", await stage.UserTokenAsync());

        Assert.Equal(JsonShape.Of(Examples.RevolutAccounts), JsonShape.Of(heard.Body));
        var accounts = heard.Data["Account"]!.AsArray();
        Assert.Equal(["AUD", "AUD", "JPY", "AUD", "KWD"], accounts.Select(account => (string)account!["Currency"]!));
        Assert.Equal(["CurrentAccount", "CreditCard", "CurrentAccount", "Savings", "CurrentAccount"], accounts.Select(account => (string)account!["AccountSubType"]!));
        Assert.Equal(stage.Revolut.Accounts.Select(account => account.Id), accounts.Select(account => (string)account!["AccountId"]!));
        Assert.Equal("UK.Revolut.InternalAccountId", (string)accounts[3]!["Account"]![0]!["SchemeName"]!);
        Assert.Matches("^GB[0-9]{2}REVO[0-9]{14}$", (string)accounts[0]!["Account"]![0]!["Identification"]!);
    }

    [Fact]
    public async Task The_same_bank_has_the_same_ids()
    {
        await using var one = await RevolutStage.SetAsync();
        await using var other = await RevolutStage.SetAsync();

        Assert.Equal(one.Revolut.Accounts.Select(account => account.Id), other.Revolut.Accounts.Select(account => account.Id));
        Assert.Equal(await one.UserTokenAsync(), await other.UserTokenAsync());
    }

    [Fact]
    public async Task One_account_is_read_only_in_the_first_five_minutes_of_a_consent()
    {
        await using var stage = await RevolutStage.SetAsync(RevolutStage.AllAccounts with { Grants = [new RevolutGrant { GivenBefore = TimeSpan.Zero }] });
        var token = await stage.UserTokenAsync();
        var path = $"/accounts/{stage.Everyday.Id}";

        var fresh = await stage.GetAsync(path, token);
        stage.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(stage.Everyday.Id, (string)fresh.Data["Account"]![0]!["AccountId"]!);
        RevolutStage.AssertEnvelope(HttpStatusCode.Forbidden, "UK.OBIE.Resource.Forbidden", await stage.GetAsync(path, token));
        Assert.Equal(HttpStatusCode.OK, (await stage.GetAsync("/accounts", token)).Status);
    }

    [Fact]
    public async Task An_account_has_one_balance_the_available_one()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Bank.Post(stage.Everyday.Account.Id, -1234, "HOLD", TransactionStatus.Pending);

        var heard = await stage.BalancesAsync(await stage.UserTokenAsync());

        Assert.Equal(JsonShape.Of(Examples.RevolutBalances), JsonShape.Of(heard.Body));
        var balance = heard.Data["Balance"]!.AsArray().Single()!;
        Assert.Equal("InterimAvailable", (string)balance["Type"]!);
        Assert.Equal(stage.Truth(stage.Everyday).AvailableMoney.Amount, Signed(balance));
        Assert.Equal("2026-10-03T01:02:03.000000Z", (string)balance["DateTime"]!);
        Assert.EndsWith($"/accounts/{stage.Everyday.Id}/balances", (string)heard.Json["Links"]!["Self"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_account_shows_the_truth_in_the_pattern_of_amounts()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Bank.Post(stage.Revolut.Accounts[1].Account.Id, -9_000_000, "CAR");
        var token = await stage.UserTokenAsync();

        foreach (var account in stage.Revolut.Accounts)
        {
            var balance = (await stage.BalancesAsync(token, account)).Data["Balance"]![0]!;
            Assert.Matches(AmountPattern(), (string)balance["Amount"]!["Amount"]!);
            Assert.Equal(stage.Truth(account).AvailableMoney.Amount, Signed(balance));
            Assert.Equal(account.Account.Currency, (string)balance["Amount"]!["Currency"]!);
        }

        Assert.True(stage.Truth(stage.Revolut.Accounts[1]).Available < 0, "The card owes money, so that a debit was among them.");
    }

    [Fact]
    public async Task A_booked_balance_stands_beside_it_when_asked_for_in_names_or_codes()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Bank.Post(stage.Everyday.Account.Id, -500, "HOLD", TransactionStatus.Pending);
        stage.Faults.BookedBalances = true;
        var token = await stage.UserTokenAsync();

        var named = (await stage.BalancesAsync(token)).Data["Balance"]!.AsArray();
        stage.Faults.FourLetterTypes = true;
        var coded = (await stage.BalancesAsync(token)).Data["Balance"]!.AsArray();

        var truth = stage.Truth(stage.Everyday);
        Assert.Equal([("InterimBooked", truth.CurrentMoney.Amount), ("InterimAvailable", truth.AvailableMoney.Amount)], named.Select(item => ((string)item!["Type"]!, Signed(item))));
        Assert.Equal(["ITBD", "ITAV"], coded.Select(item => (string)item!["Type"]!));
    }

    [Theory]
    [InlineData(RevolutBalanceShape.UnknownType, "Credit", null, "PocketTotal")]
    [InlineData(RevolutBalanceShape.OnlyForward, "Credit", "5.00", "ForwardAvailable")]
    [InlineData(RevolutBalanceShape.Debit, "Debit", "12.30", "InterimAvailable")]
    [InlineData(RevolutBalanceShape.ZeroCredit, "Credit", "0.00", "InterimAvailable")]
    [InlineData(RevolutBalanceShape.ZeroDebit, "Debit", "0.00", "InterimAvailable")]
    [InlineData(RevolutBalanceShape.FiveDecimals, "Credit", "0.12345", "InterimAvailable")]
    [InlineData(RevolutBalanceShape.WholeNumber, "Credit", "970", "InterimAvailable")]
    [InlineData(RevolutBalanceShape.ThirteenDigits, "Credit", "9999999999999.99999", "InterimAvailable")]
    public async Task A_balance_takes_the_shape_that_is_asked_for(RevolutBalanceShape shape, string indicator, string? amount, string type)
    {
        await using var stage = await RevolutStage.SetAsync();

        var balance = (await stage.ShapedAsync(shape)).Data["Balance"]!.AsArray().Single()!;

        Assert.Equal((indicator, type), ((string)balance["CreditDebitIndicator"]!, (string)balance["Type"]!));
        if (amount is not null)
            Assert.Equal(amount, (string)balance["Amount"]!["Amount"]!);
        else
            Assert.Equal(stage.Truth(stage.Everyday).AvailableMoney.Amount, Signed(balance));
    }

    [Fact]
    public async Task Data_or_its_balances_can_be_empty()
    {
        await using var stage = await RevolutStage.SetAsync();

        Assert.Equal("{}", (await stage.ShapedAsync(RevolutBalanceShape.NoData)).Data.ToJsonString());
        Assert.Equal("""{"Balance":[]}""", (await stage.ShapedAsync(RevolutBalanceShape.NoBalance)).Data.ToJsonString());
    }

    [Theory]
    [InlineData(RevolutBalanceShape.CreditIncluded, 500, "Available: False", "Temporary: True")]
    [InlineData(RevolutBalanceShape.CreditNotIncluded, 0, "Available: False", "Pre-Agreed: False")]
    public async Task Credit_lines_say_whether_the_balance_holds_them(RevolutBalanceShape shape, int more, params string[] lines)
    {
        await using var stage = await RevolutStage.SetAsync();

        var balance = (await stage.ShapedAsync(shape)).Data["Balance"]![0]!;

        Assert.Equal(stage.Truth(stage.Everyday).AvailableMoney.Amount + more, Signed(balance));
        Assert.Equal(lines, balance["CreditLine"]!.AsArray().Select(line => $"{(string)line!["Type"]!}: {(bool)line["Included"]!}"));
        Assert.All(balance["CreditLine"]!.AsArray(), line => Assert.Equal("500.00", (string)line!["Amount"]!["Amount"]!));
    }

    [Fact]
    public async Task A_shape_can_be_one_accounts_own()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Faults.Balances[stage.Everyday.Id] = RevolutBalanceShape.NoBalance;
        var token = await stage.UserTokenAsync();

        Assert.Empty((await stage.BalancesAsync(token)).Data["Balance"]!.AsArray());
        Assert.Single((await stage.BalancesAsync(token, stage.Revolut.Accounts[1])).Data["Balance"]!.AsArray());
    }

    [Fact]
    public async Task Times_can_be_whole_seconds()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Faults.WholeSeconds = true;

        Assert.Equal("2026-10-03T01:02:03Z", (string)(await stage.BalancesAsync(await stage.UserTokenAsync())).Data["Balance"]![0]!["DateTime"]!);
    }

    [Fact]
    public async Task A_bitcoin_pocket_can_be_added()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Faults.BitcoinPocket = true;
        var token = await stage.UserTokenAsync();

        var pocket = (await stage.GetAsync("/accounts", token)).Data["Account"]!.AsArray().Last()!;
        var balance = (await stage.GetAsync($"/accounts/{(string)pocket["AccountId"]!}/balances", token)).Data["Balance"]![0]!;

        Assert.Equal("BTC", (string)pocket["Currency"]!);
        Assert.Equal("""{"Amount":"0.12345","Currency":"BTC"}""", balance["Amount"]!.ToJsonString());
    }

    [Fact]
    public async Task Numbers_can_be_one_for_all_missing_or_empty_and_accounts_none()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Faults.Unlimited = true;
        var token = await stage.UserTokenAsync();

        stage.Faults.Numbers = RevolutNumbers.OneIban;
        Assert.Single((await AccountsAsync()).Select(account => (string)account!["Account"]![0]!["Identification"]!).Distinct());
        stage.Faults.Numbers = RevolutNumbers.Missing;
        Assert.All(await AccountsAsync(), account => Assert.False(account!.AsObject().ContainsKey("Account")));
        stage.Faults.Numbers = RevolutNumbers.Empty;
        Assert.All(await AccountsAsync(), account => Assert.Empty(account!["Account"]!.AsArray()));
        stage.Faults.NoAccounts = true;
        Assert.Equal("{}", (await stage.GetAsync("/accounts", token)).Data.ToJsonString());

        async Task<JsonArray> AccountsAsync() => (await stage.GetAsync("/accounts", token)).Data["Account"]!.AsArray();
    }

    private static decimal Signed(JsonNode balance)
    {
        var amount = decimal.Parse((string)balance["Amount"]!["Amount"]!);
        return (string)balance["CreditDebitIndicator"]! == "Debit" ? -amount : amount;
    }

    [GeneratedRegex(@"^\d{1,13}\.\d{1,5}$")]
    private static partial Regex AmountPattern();
}
