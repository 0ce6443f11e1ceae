using System.Net;
using System.Text.Json.Nodes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.OpenBanking.Revolut;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

public sealed class RevolutTransactionTests
{
    [Fact]
    public async Task Pages_lead_from_the_newest_to_the_oldest_and_count_as_one_call()
    {
        await using var stage = await RevolutStage.SetAsync(RevolutStage.AllAccounts with { TransactionsPerPage = 5, MostUnattended = 1 });
        var token = await stage.UserTokenAsync();

        var first = await stage.GetAsync(Path(stage), token);
        var rows = new List<JsonNode>();
        for (var page = first; ; page = await stage.GetAsync(Next(page)!, token))
        {
            Assert.Equal(HttpStatusCode.OK, page.Status);
            rows.AddRange(page.Data["Transaction"]!.AsArray()!);
            if (Next(page) is null)
                break;
        }

        Assert.Equal(JsonShape.Of(Examples.RevolutTransactions), JsonShape.Of(first.Body));
        var known = stage.Bank.Transactions.Where(row => row.AccountId == stage.Everyday.Account.Id).ToArray();
        Assert.Equal(known.Length, rows.Select(row => (string)row["TransactionId"]!).Distinct().Count());
        Assert.Equal(known.Length, rows.Count);
        Assert.Equal(rows.Select(At).OrderDescending(), rows.Select(At));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stage.GetAsync(Path(stage), token)).Status);
    }

    [Fact]
    public async Task The_newest_booked_row_carries_the_booked_balance_and_pending_ones_none()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Bank.Post(stage.Everyday.Account.Id, -1000, "COFFEE");
        stage.Bank.Post(stage.Everyday.Account.Id, -777, "HOLD", TransactionStatus.Pending);

        var rows = (await stage.GetAsync(Path(stage), await stage.UserTokenAsync())).Data["Transaction"]!.AsArray();
        var booked = rows.First(row => (string)row!["Status"]! == "Booked")!;

        Assert.Equal(stage.Truth(stage.Everyday).CurrentMoney.Amount, decimal.Parse((string)booked["Balance"]!["Amount"]!["Amount"]!));
        Assert.Equal(("10.00", "Debit", "COFFEE"), ((string)booked["Amount"]!["Amount"]!, (string)booked["CreditDebitIndicator"]!, (string)booked["TransactionInformation"]!));
        Assert.All(rows.Where(row => (string)row!["Status"]! == "Pending"), row => Assert.Null(row!["Balance"]));
        Assert.Contains(rows, row => (string)row!["Status"]! == "Pending");
    }

    [Fact]
    public async Task From_is_inclusive_and_to_exclusive_and_neither_needs_a_zone()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Faults.Unlimited = true;
        var token = await stage.UserTokenAsync();
        var at = stage.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff");
        stage.Bank.Post(stage.Everyday.Account.Id, -1, "NOW");

        Assert.Equal(["NOW"], await DescriptionsAsync($"?fromBookingDateTime={at}"));
        Assert.Equal(["NOW"], await DescriptionsAsync($"?fromBookingDateTime={at}Z"));
        Assert.DoesNotContain("NOW", await DescriptionsAsync($"?toBookingDateTime={at}"));
        RevolutStage.AssertEnvelope(HttpStatusCode.BadRequest, "UK.OBIE.Field.Invalid", await stage.GetAsync(Path(stage) + "?fromBookingDateTime=2026-10-03", token));

        async Task<IEnumerable<string>> DescriptionsAsync(string query) =>
            (await stage.GetAsync(Path(stage) + query, token)).Data["Transaction"]!.AsArray().Select(row => (string)row!["TransactionInformation"]!);
    }

    [Fact]
    public async Task After_five_minutes_only_the_last_90_days_are_there()
    {
        await using var stage = await RevolutStage.SetAsync(RevolutStage.AllAccounts with { Grants = [new RevolutGrant { GivenBefore = TimeSpan.Zero }] });
        var token = await stage.UserTokenAsync();
        var old = stage.Bank.Transactions.First(row => row.AccountId == stage.Everyday.Account.Id);
        stage.Bank.Post(old with { Id = "bank_tx_old", OccurredAt = old.OccurredAt.AddDays(-100), PostedAt = old.OccurredAt.AddDays(-100) });

        var whole = (await stage.GetAsync(Path(stage), token)).Data["Transaction"]!.AsArray();
        stage.Clock.Advance(TimeSpan.FromMinutes(5));
        var recent = (await stage.GetAsync(Path(stage), token)).Data["Transaction"]!.AsArray();

        Assert.True(At(whole.Last()!) < stage.Clock.GetUtcNow().AddDays(-90));
        Assert.NotEmpty(recent);
        Assert.All(recent, row => Assert.True(At(row!) >= stage.Clock.GetUtcNow().AddDays(-90)));
    }

    [Fact]
    public async Task A_consent_for_credits_without_detail_shows_those_alone()
    {
        await using var stage = await RevolutStage.SetAsync(rows: 200);
        stage.Revolut.Permit(stage.ConsentId, ["ReadAccountsBasic", "ReadTransactionsBasic", "ReadTransactionsCredits"]);

        var rows = (await stage.GetAsync(Path(stage), await stage.UserTokenAsync())).Data["Transaction"]!.AsArray();

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(("Credit", null), ((string)row!["CreditDebitIndicator"]!, row["TransactionInformation"])));
    }

    private static string Path(RevolutStage stage) => $"/accounts/{stage.Everyday.Id}/transactions";

    private static string? Next(Heard page) => (string?)page.Json["Links"]!["Next"];

    private static DateTimeOffset At(JsonNode row) => DateTimeOffset.Parse((string)row["BookingDateTime"]!);
}
