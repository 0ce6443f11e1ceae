using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Revolut;
using Redbark.Sync.Worker.Balances.TokenIo;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>Settings are refused at start, with the key, what was found and what is expected; secrets are never told.</summary>
public sealed class SettingsTests : IDisposable
{
    private const string Secret = "s3cret-value";
    private const string LedgerAccount = "6af4be01-a492-4f4b-93c9-da6dd1f93149";

    private static readonly (string, string?)[] GoodRevolut =
        [("Revolut:BaseUrl", "http://127.0.0.1:5000"), ("Revolut:ClientId", "client"), ("Revolut:Consents:main:RefreshToken", Secret)];

    private static readonly (string, string?)[] GoodTokenIo = [("TokenIo:ApiKey", Secret), ("TokenIo:Consents:main:TokenId", "ta:x:y")];

    private readonly TemporaryDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Without_a_consent_nothing_is_asked_for_and_the_provider_says_that_it_is_off()
    {
        Assert.Empty(Revolut().Problems);
        Assert.Empty(TokenIo().Problems);
        using var app = Host();
        Assert.All(app.Services.GetServices<IBalanceProvider>(), provider => Assert.Contains("no consent is configured", provider.DisabledBecause, StringComparison.Ordinal));
        Assert.Equal(["revolut", "tokenio"], app.Services.GetServices<IBalanceProvider>().Select(provider => provider.Name));
    }

    [Fact]
    public void Good_settings_are_taken()
    {
        var revolut = Revolut([.. GoodRevolut, ("Revolut:Consents:main:Links:d3779729", LedgerAccount)]);
        var tokenIo = TokenIo([.. GoodTokenIo, ("TokenIo:Consents:main:Links:a:8Db:5zK", "acct_123"), ("TokenIo:Consents:main:Links:a:8Db:6zK", LedgerAccount)]);
        Assert.Empty(revolut.Problems);
        Assert.Empty(tokenIo.Problems);
        Assert.Equal(("001580000103UAvAAM", Secret), (revolut.FinancialId, revolut.Consents[0].RefreshToken));
        Assert.Equal((new Uri("https://api.token.io"), 20, "account_id"), (tokenIo.BaseUrl, tokenIo.BulkSize, tokenIo.AccountParameter));
        Assert.DoesNotContain(Secret, revolut.Consents[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2027-01-31", "2027-01-31T00:00:00Z")]
    [InlineData("2027-01-31T12:30:00Z", "2027-01-31T12:30:00Z")]
    [InlineData("2027-01-31T12:30:00.5+11:00", "2027-01-31T01:30:00.5Z")]
    public void The_end_of_a_consent_is_a_day_or_an_instant(string text, string instant)
    {
        var expected = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected, Assert.Single(Revolut([.. GoodRevolut, ("Revolut:Consents:main:EndsAt", text)]).Consents).EndsAt);
        Assert.Equal(expected, Assert.Single(TokenIo([.. GoodTokenIo, ("TokenIo:Consents:main:EndsAt", text)]).Consents).EndsAt);
    }

    [Theory]
    [InlineData("BaseUrl", "http://oba-auth.revolut.com")]
    [InlineData("BaseUrl", "oba-auth.revolut.com")]
    [InlineData("BaseUrl", "https://user:pass@oba-auth.revolut.com")]
    [InlineData("BaseUrl", "ftp://localhost")]
    [InlineData("ClientId", "")]
    [InlineData("ClientId", "two words")]
    [InlineData("CertificateFile", "missing.pem")]
    [InlineData("TrustedRootsFile", "missing.pem")]
    [InlineData("Consents:Main One:RefreshToken", "x")]
    [InlineData("Consents:main:RefreshToken", "")]
    [InlineData("Consents:main:RefreshToken", "a\tb")]
    [InlineData("Consents:main:RefreshTokenFile", "missing")]
    [InlineData("Consents:main:RefreshTokn", "x")]
    [InlineData("Consents:main:EndsAt", "31/12/2026")]
    [InlineData("Consents:main:EndsAt", "soon")]
    [InlineData("CustomerIp", "203.0.113.7")]
    public void A_wrong_Revolut_setting_is_named(string key, string value)
    {
        var problems = Revolut([.. GoodRevolut.Where(setting => setting.Item1 != $"Revolut:{key}"), ($"Revolut:{key}", value)]).Problems;
        Assert.Contains(problems, problem => problem.Contains($"Revolut:{key.Replace(":RefreshToken", "", StringComparison.Ordinal).Split("File")[0]}", StringComparison.Ordinal) && problem.Contains("expected", StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("BaseUrl", "http://api.token.io")]
    [InlineData("ApiKey", "")]
    [InlineData("ApiKey", "käse")]
    [InlineData("AccountParameter", "account-id")]
    [InlineData("BulkSize", "0")]
    [InlineData("BulkSize", "many")]
    [InlineData("SigningKeyFile", "key.pem")]
    [InlineData("Consents:main:TokenId", "8Db")]
    [InlineData("Consents:main:TokenId", "")]
    [InlineData("Consents:main:EndsAt", "2026-02-30")]
    [InlineData("BearerToken", "x")]
    public void A_wrong_Token_setting_is_named(string key, string value)
    {
        var problems = TokenIo([.. GoodTokenIo.Where(setting => setting.Item1 != $"TokenIo:{key}"), ($"TokenIo:{key}", value)]).Problems;
        Assert.Contains(problems, problem => problem.StartsWith($"TokenIo:{key}: expected", StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Signed_requests_are_refused_with_the_reason() => Assert.Contains(
        "signed requests (a JWT a request, which Token.io's production asks for) are not built",
        Assert.Single(TokenIo([.. GoodTokenIo, ("TokenIo:SigningKeyFile", "key.pem")]).Problems), StringComparison.Ordinal);

    [Fact]
    public void A_secret_may_come_from_a_file_but_not_from_both()
    {
        var file = Write("refresh", Secret + "\n");
        Assert.Equal(Secret, Assert.Single(Revolut([.. GoodRevolut[..2], ("Revolut:Consents:main:RefreshTokenFile", file)]).Consents).RefreshToken);
        Assert.Equal(Secret, TokenIo([GoodTokenIo[1], ("TokenIo:ApiKeyFile", file)]).ApiKey);
        Assert.Contains("both", Assert.Single(TokenIo([.. GoodTokenIo, ("TokenIo:ApiKeyFile", file)]).Problems), StringComparison.Ordinal);
        Assert.NotEmpty(TokenIo([GoodTokenIo[1], ("TokenIo:ApiKeyFile", Write("empty", " \n"))]).Problems);
    }

    [Fact]
    public void The_client_certificate_may_be_PEM_or_PFX_with_and_without_a_password()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=transport", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificate, plainKey) = (Write("transport.pem", made.ExportCertificatePem()), Write("key.pem", key.ExportPkcs8PrivateKeyPem()));
        var both = Write("both.pem", made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        var lockedKey = Write("locked.pem", key.ExportEncryptedPkcs8PrivateKeyPem("pass word", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)));
        var password = Write("password", "pass word\n");
        var (pfx, lockedPfx) = (Path.Combine(_files.Path, "open.pfx"), Path.Combine(_files.Path, "locked.pfx"));
        File.WriteAllBytes(pfx, made.Export(X509ContentType.Pfx));
        File.WriteAllBytes(lockedPfx, made.Export(X509ContentType.Pfx, "pass word"));

        Assert.Equal(made.Thumbprint, Load(("File", certificate), ("KeyFile", plainKey)).Certificate?.Thumbprint);
        Assert.Equal(made.Thumbprint, Load(("File", both)).Certificate?.Thumbprint);
        Assert.Equal(made.Thumbprint, Load(("File", certificate), ("KeyFile", lockedKey), ("PasswordFile", password)).Certificate?.Thumbprint);
        Assert.Equal(made.Thumbprint, Load(("File", pfx)).Certificate?.Thumbprint);
        Assert.Equal(made.Thumbprint, Load(("File", lockedPfx), ("PasswordFile", password)).Certificate?.Thumbprint);

        Refused(Load(("File", certificate)));
        Refused(Load(("File", certificate), ("KeyFile", lockedKey)));
        Refused(Load(("File", lockedPfx)));
        Refused(Load(("File", password)));
        Refused(Revolut(("Revolut:ClientId", "client"), ("Revolut:Consents:main:RefreshToken", Secret)));

        RevolutOptions Load(params (string Key, string Value)[] files) =>
            Revolut([("Revolut:ClientId", "client"), ("Revolut:Consents:main:RefreshToken", Secret), .. files.Select(file => ($"Revolut:Certificate{file.Key}", (string?)file.Value))]);

        static void Refused(RevolutOptions options) => Assert.StartsWith("Revolut:CertificateFile: expected", Assert.Single(options.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_with_wrong_settings_does_not_start()
    {
        await using var app = Host(("TokenIo:Consents:main:TokenId", "ta:x:y"), ("Revolut:BaseUrl", "http://revolut.example"));
        var error = await Assert.ThrowsAnyAsync<Exception>(() => app.StartAsync());
        var text = error.ToString();
        Assert.Contains("TokenIo:ApiKey: expected the key of Token.io's dashboard", text, StringComparison.Ordinal);
        Assert.Contains("Revolut:BaseUrl: expected an https address", text, StringComparison.Ordinal);
    }

    private static WebApplication Host(params (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<ICallBudget>(new MemoryBudget(TimeProvider.System));
        builder.Services.AddSingleton<IRefreshTokens, MemoryRefreshTokens>();
        return builder.AddOpenBanking().Build();
    }

    private static RevolutOptions Revolut(params (string Key, string? Value)[] settings)
    {
        RevolutOptions options = new();
        RevolutOptions.Read(options, Configuration(settings));
        return options;
    }

    private static TokenIoOptions TokenIo(params (string Key, string? Value)[] settings)
    {
        TokenIoOptions options = new();
        TokenIoOptions.Read(options, Configuration(settings));
        return options;
    }

    private static IConfigurationRoot Configuration((string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build();

    private string Write(string name, string text)
    {
        var path = Path.Combine(_files.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
