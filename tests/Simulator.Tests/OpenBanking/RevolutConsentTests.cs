using System.Net;
using Redbark.Sync.Simulator.OpenBanking.Revolut;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

public sealed class RevolutConsentTests
{
    [Fact]
    public async Task A_consent_is_asked_for_read_and_deleted()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.ClientTokenAsync();

        var asked = await stage.SendAsync(HttpMethod.Post, "/account-access-consents", token, Examples.RevolutAsk);
        var path = $"/account-access-consents/{(string)asked.Data["ConsentId"]!}";
        var read = await stage.GetAsync(path, token);
        var deleted = await stage.SendAsync(HttpMethod.Delete, path, token);

        Assert.Equal(HttpStatusCode.Created, asked.Status);
        Assert.Equal(JsonShape.Of(Examples.RevolutConsent), JsonShape.Of(asked.Body));
        Assert.Equal(("AwaitingAuthorisation", "2027-12-02T00:00:00+00:00"), ((string)asked.Data["Status"]!, (string)asked.Data["ExpirationDateTime"]!));
        Assert.EndsWith("/account-access-consents", (string)asked.Json["Links"]!["Self"]!, StringComparison.Ordinal);
        Assert.Equal(asked.Data.ToJsonString(), read.Data.ToJsonString());
        Assert.Equal((HttpStatusCode.NoContent, ""), (deleted.Status, deleted.Body));
        Assert.Equal("Rejected", (string)(await stage.GetAsync(path, token)).Data["Status"]!);
    }

    [Fact]
    public async Task Deleting_a_consent_that_was_given_revokes_it()
    {
        await using var stage = await RevolutStage.SetAsync();
        var path = $"/account-access-consents/{stage.ConsentId}";
        var token = await stage.ClientTokenAsync();

        await stage.SendAsync(HttpMethod.Delete, path, token);

        Assert.Equal("Revoked", (string)(await stage.GetAsync(path, token)).Data["Status"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await stage.RefreshAsync()).Status);
    }

    [Theory]
    [InlineData("""{"Data":{"Permissions":["ReadAccountsBasic"]}}""", "UK.OBIE.Field.Missing")]
    [InlineData("""{"Risk":{}}""", "UK.OBIE.Field.Missing")]
    [InlineData("""{"Data":{"Permissions":[]},"Risk":{}}""", "UK.OBIE.Field.Missing")]
    [InlineData("""{"Data":{"Permissions":["ReadBalances"]},"Risk":{}}""", "UK.OBIE.Field.Invalid")]
    [InlineData("""{"Data":{"Permissions":["ReadAccountsBasic","ReadPAN"]},"Risk":{}}""", "UK.OBIE.Field.Invalid")]
    [InlineData("""{"Data":{"Permissions":["ReadAccountsBasic","ReadTransactionsCredits"]},"Risk":{}}""", "UK.OBIE.Field.Invalid")]
    [InlineData("""{"Data":{"Permissions":["ReadAccountsBasic"],"ExpirationDateTime":"soon"},"Risk":{}}""", "UK.OBIE.Field.Invalid")]
    [InlineData("not json", "UK.OBIE.Resource.InvalidFormat")]
    public async Task A_consent_that_cannot_be_asked_for_is_refused(string body, string code)
    {
        await using var stage = await RevolutStage.SetAsync();

        RevolutStage.AssertEnvelope(HttpStatusCode.BadRequest, code, await stage.SendAsync(HttpMethod.Post, "/account-access-consents", await stage.ClientTokenAsync(), body));
    }

    [Fact]
    public async Task A_consent_without_an_end_has_no_end()
    {
        await using var stage = await RevolutStage.SetAsync();

        var asked = await stage.SendAsync(
            HttpMethod.Post, "/account-access-consents", await stage.ClientTokenAsync(), """{"Data":{"Permissions":["ReadAccountsBasic"]},"Risk":{}}""");

        Assert.Null(asked.Data["ExpirationDateTime"]);
    }

    [Fact]
    public async Task A_consent_ends_when_it_said()
    {
        await using var stage = await RevolutStage.SetAsync();
        var until = stage.Clock.GetUtcNow().AddMinutes(30);
        var asked = await stage.SendAsync(
            HttpMethod.Post, "/account-access-consents", await stage.ClientTokenAsync(),
            $$$"""{"Data":{"ExpirationDateTime":"{{{until:O}}}","Permissions":["ReadAccountsBasic","ReadBalances"]},"Risk":{}}""");
        var code = stage.Revolut.Authorise((string)asked.Data["ConsentId"]!);
        var token = (string)(await stage.TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://example.com/callback"))).Json["access_token"]!;
        Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(token)).Status);

        stage.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(HttpStatusCode.Unauthorized, (await stage.BalancesAsync(token)).Status);
    }

    [Fact]
    public async Task A_users_token_cannot_manage_consents_and_the_clients_cannot_read_data()
    {
        await using var stage = await RevolutStage.SetAsync();

        RevolutStage.AssertEnvelope(
            HttpStatusCode.Forbidden, "UK.OBIE.Resource.Forbidden", await stage.GetAsync($"/account-access-consents/{stage.ConsentId}", await stage.UserTokenAsync()));
        RevolutStage.AssertEnvelope(HttpStatusCode.Forbidden, "UK.OBIE.Resource.Forbidden", await stage.BalancesAsync(await stage.ClientTokenAsync()));
    }

    [Fact]
    public async Task A_permission_that_is_missing_is_401_with_its_own_words()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Revolut.Permit(stage.ConsentId, ["ReadAccountsBasic"]);
        var token = await stage.UserTokenAsync();

        var refused = await stage.BalancesAsync(token);
        var accounts = await stage.GetAsync("/accounts", token);

        RevolutStage.AssertEnvelope(HttpStatusCode.Unauthorized, "UK.OBIE.Resource.Unauthorized", refused);
        Assert.Equal("Consent has no permissions", (string)refused.Json["Message"]!);
        Assert.All(accounts.Data["Account"]!.AsArray(), account => Assert.Null(account!["Account"]));
    }

    [Fact]
    public async Task An_account_that_is_unknown_is_400_and_one_that_was_not_chosen_403()
    {
        await using var stage = await RevolutStage.SetAsync(RevolutStage.AllAccounts with { Grants = [new RevolutGrant { Accounts = [0] }] });
        var token = await stage.UserTokenAsync();

        RevolutStage.AssertEnvelope(HttpStatusCode.BadRequest, "UK.OBIE.Resource.NotFound", await stage.GetAsync($"/accounts/{Guid.NewGuid()}/balances", token));
        RevolutStage.AssertEnvelope(HttpStatusCode.Forbidden, "UK.OBIE.Resource.Forbidden", await stage.BalancesAsync(token, stage.Revolut.Accounts[1]));
        Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(token)).Status);
    }
}
