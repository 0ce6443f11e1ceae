using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Redbark.Sync.Simulator.OpenBanking;
using Redbark.Sync.Simulator.OpenBanking.Revolut;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

public sealed class RevolutTokenTests
{
    [Fact]
    public async Task A_client_token_lives_2399_seconds_and_has_no_refresh_token()
    {
        await using var stage = await RevolutStage.SetAsync();

        var token = await stage.TokenAsync(("grant_type", "client_credentials"), ("scope", "accounts"));

        Assert.Equal(JsonShape.Of(Examples.RevolutClientToken), JsonShape.Of(token.Body));
        Assert.Equal(2399, (int)token.Json["expires_in"]!);
    }

    [Fact]
    public async Task A_code_is_exchanged_once_for_tokens_of_its_consent()
    {
        await using var stage = await RevolutStage.SetAsync();
        var asked = await stage.SendAsync(HttpMethod.Post, "/account-access-consents", await stage.ClientTokenAsync(), Examples.RevolutAsk);
        var code = stage.Revolut.Authorise((string)asked.Data["ConsentId"]!, "https://app.example/back", [stage.Everyday.Id]);
        (string, string)[] exchange = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://app.example/back")];

        var token = await stage.TokenAsync(exchange);
        var again = await stage.TokenAsync(exchange);

        Assert.Equal(JsonShape.Of(Examples.RevolutToken), JsonShape.Of(token.Body));
        Assert.Equal(3599, (int)token.Json["expires_in"]!);
        AssertOAuth(HttpStatusCode.BadRequest, "invalid_grant", again);
        var accounts = await stage.GetAsync("/accounts", (string)token.Json["access_token"]!);
        Assert.Equal(stage.Everyday.Id, (string)accounts.Data["Account"]!.AsArray().Single()!["AccountId"]!);
        Assert.Equal(HttpStatusCode.OK, (await stage.RefreshAsync((string)token.Json["refresh_token"]!)).Status);
    }

    [Fact]
    public async Task A_code_is_refused_with_another_redirect_uri()
    {
        await using var stage = await RevolutStage.SetAsync();
        var asked = await stage.SendAsync(HttpMethod.Post, "/account-access-consents", await stage.ClientTokenAsync(), Examples.RevolutAsk);
        var code = stage.Revolut.Authorise((string)asked.Data["ConsentId"]!, "https://app.example/back");

        AssertOAuth(HttpStatusCode.BadRequest, "invalid_grant", await stage.TokenAsync(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://other.example")));
    }

    [Fact]
    public async Task An_access_token_expires_after_an_hour_and_a_refresh_replaces_it()
    {
        await using var stage = await RevolutStage.SetAsync();
        var first = await stage.UserTokenAsync();
        stage.Clock.Advance(TimeSpan.FromSeconds(3599));
        Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(first)).Status);
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        RevolutStage.AssertEnvelope(HttpStatusCode.Unauthorized, "UK.OBIE.Resource.Unauthorized", await stage.BalancesAsync(first));

        var second = await stage.UserTokenAsync();
        var third = await stage.UserTokenAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await stage.BalancesAsync(second)).Status);
        Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(third)).Status);
    }

    [Fact]
    public async Task A_refresh_token_stays_unless_it_rotates()
    {
        await using var stage = await RevolutStage.SetAsync();
        Assert.Equal(RevolutStage.RefreshToken, (string)(await stage.RefreshAsync()).Json["refresh_token"]!);
        stage.Faults.RotatesRefreshTokens = true;

        var rotated = await stage.RefreshAsync();

        Assert.Equal(stage.Revolut.RefreshTokenOf(stage.ConsentId), (string)rotated.Json["refresh_token"]!);
        AssertOAuth(HttpStatusCode.BadRequest, "invalid_grant", await stage.RefreshAsync());
        Assert.Equal(HttpStatusCode.OK, (await stage.RefreshAsync((string)rotated.Json["refresh_token"]!)).Status);
    }

    [Fact]
    public async Task A_lost_answer_to_a_rotation_loses_the_refresh_token()
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Faults.RotatesRefreshTokens = true;
        stage.Faults.Next.Add(RevolutFailure.Reset, endpoint: "token");

        await Assert.ThrowsAsync<HttpRequestException>(() => stage.RefreshAsync());

        AssertOAuth(HttpStatusCode.BadRequest, "invalid_grant", await stage.RefreshAsync());
    }

    [Theory]
    [InlineData(RevolutExpiryForm.Iso, JsonValueKind.String)]
    [InlineData(RevolutExpiryForm.Epoch, JsonValueKind.Number)]
    [InlineData(RevolutExpiryForm.Absent, null)]
    public async Task The_expiry_of_a_refresh_token_has_the_form_that_is_asked_for(RevolutExpiryForm form, JsonValueKind? kind)
    {
        await using var stage = await RevolutStage.SetAsync();
        stage.Faults.RefreshTokenExpiry = form;

        Assert.Equal(kind, (await stage.RefreshAsync()).Json["refresh_token_expires_at"]?.GetValueKind());
    }

    [Fact]
    public async Task A_refresh_token_ends_with_its_life()
    {
        await using var stage = await RevolutStage.SetAsync(RevolutStage.AllAccounts with { RefreshTokenLife = TimeSpan.FromDays(90) });
        stage.Clock.Advance(TimeSpan.FromDays(60)); // It was given 30 days before the start.

        AssertOAuth(HttpStatusCode.BadRequest, "invalid_grant", await stage.RefreshAsync());
    }

    [Fact]
    public async Task A_revoked_consent_ends_its_tokens_and_its_refresh_token()
    {
        await using var stage = await RevolutStage.SetAsync();
        var token = await stage.UserTokenAsync();
        stage.Revolut.Revoke(stage.ConsentId);

        RevolutStage.AssertEnvelope(HttpStatusCode.Unauthorized, "UK.OBIE.Resource.Unauthorized", await stage.BalancesAsync(token));
        AssertOAuth(HttpStatusCode.BadRequest, "invalid_grant", await stage.RefreshAsync());
        stage.Faults.RefreshesRevoked = true;
        Assert.Equal(HttpStatusCode.Unauthorized, (await stage.BalancesAsync(await stage.UserTokenAsync())).Status);
    }

    [Fact]
    public async Task Only_forms_of_the_registered_client_with_a_known_grant_are_answered()
    {
        await using var stage = await RevolutStage.SetAsync();
        var json = new HttpRequestMessage(HttpMethod.Post, "/token") { Content = new StringContent("""{"grant_type":"refresh_token"}""", Encoding.UTF8, "application/json") };
        var stranger = new HttpRequestMessage(HttpMethod.Post, "/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "other")]) };

        AssertOAuth(HttpStatusCode.UnsupportedMediaType, "invalid_request", await stage.SendAsync(json));
        AssertOAuth(HttpStatusCode.Unauthorized, "invalid_client", await stage.SendAsync(stranger));
        AssertOAuth(HttpStatusCode.BadRequest, "unsupported_grant_type", await stage.TokenAsync(("grant_type", "password")));
        AssertOAuth(HttpStatusCode.BadRequest, "invalid_scope", await stage.TokenAsync(("grant_type", "client_credentials"), ("scope", "payments")));
        AssertOAuth(HttpStatusCode.BadRequest, "invalid_grant", await stage.RefreshAsync("other"));
    }

    [Fact]
    public async Task Over_https_only_the_registered_certificate_is_let_in()
    {
        using var certificates = SimulatedCertificates.Create();
        using var strangers = SimulatedCertificates.Create();
        var options = RevolutStage.AllAccounts with { ServerCertificate = certificates.Server, ClientThumbprint = SimulatedCertificates.ThumbprintOf(certificates.Client) };

        await using (var stage = await RevolutStage.SetAsync(options, Handler(certificates, certificates)))
            Assert.Equal(HttpStatusCode.OK, (await stage.BalancesAsync(await stage.UserTokenAsync())).Status);
        await using (var stage = await RevolutStage.SetAsync(options, Handler(certificates, strangers)))
            AssertOAuth(HttpStatusCode.Unauthorized, "invalid_client", await stage.RefreshAsync());
        await using (var stage = await RevolutStage.SetAsync(options, Handler(certificates, null)))
            await Assert.ThrowsAsync<HttpRequestException>(() => stage.RefreshAsync());
    }

    [Fact]
    public void Certificates_are_there_as_pem_too()
    {
        using var certificates = SimulatedCertificates.Create();
        using var client = X509Certificate2.CreateFromPem(certificates.ClientPem, certificates.ClientKeyPem);
        using var root = X509Certificate2.CreateFromPem(certificates.AuthorityPem);

        Assert.Equal(SimulatedCertificates.ThumbprintOf(certificates.Client), SimulatedCertificates.ThumbprintOf(client));
        Assert.True(client.HasPrivateKey);
        Assert.Equal(root.Subject, client.Issuer);
    }

    private static SocketsHttpHandler Handler(SimulatedCertificates server, SimulatedCertificates? client)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(server.Authority);
        if (client is not null)
            handler.SslOptions.ClientCertificates = [client.Client];
        return handler;
    }

    private static void AssertOAuth(HttpStatusCode status, string error, Heard heard)
    {
        Assert.Equal((status, error), (heard.Status, (string)heard.Json["error"]!));
        Assert.NotEmpty((string)heard.Json["error_description"]!);
    }
}
