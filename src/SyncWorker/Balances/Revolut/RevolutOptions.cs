using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Redbark.Sync.Worker.Balances.Calls;

namespace Redbark.Sync.Worker.Balances.Revolut;

/// <summary>The <c>Revolut</c> section. Without a consent, Revolut is not read.</summary>
internal sealed class RevolutOptions : ProviderOptions
{
    public const string Section = "Revolut";

    /// <summary>The host of every call since July 2025 (open-banking-balances 2.1).</summary>
    public const string DefaultBaseUrl = "https://oba-auth.revolut.com";

    /// <summary>Constant for Revolut (2.3).</summary>
    public const string DefaultFinancialId = "001580000103UAvAAM";

    public Uri BaseUrl { get; set; } = new(DefaultBaseUrl);

    public string ClientId { get; set; } = "";

    /// <summary>Says who we are, with <see cref="ClientId"/> (<c>tls_client_auth</c>); null where the address is http.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Roots that Revolut's own certificate is checked against; null for the machine's.</summary>
    public X509Certificate2Collection? TrustedRoots { get; set; }

    public string FinancialId { get; set; } = DefaultFinancialId;

    public IReadOnlyList<RevolutConsent> Consents { get; set; } = [];

    public static void Read(RevolutOptions options, IConfiguration configuration)
    {
        var settings = new ProviderSettings(configuration.GetSection(Section), options.Problems);
        settings.Only("BaseUrl", "ClientId", "CertificateFile", "CertificateKeyFile", "CertificatePasswordFile", "TrustedRootsFile", "FinancialId", "Consents");
        options.BaseUrl = settings.Url("BaseUrl", DefaultBaseUrl);
        options.ClientId = settings.Secret("ClientId") ?? "";
        options.FinancialId = settings.Secret("FinancialId") ?? DefaultFinancialId;
        options.Consents = [.. settings.Consents().Select(consent => RevolutConsent.Read(consent.Name, consent.Settings)).OfType<RevolutConsent>()];
        options.Certificate = ReadCertificate(settings);
        options.TrustedRoots = ReadRoots(settings);
        if (options.Consents.Count == 0)
            return;
        if (options.ClientId.Length == 0)
            settings.Problem("ClientId", "the client id of the application at Revolut", "nothing");
        if (options.Certificate is null && options.BaseUrl.Scheme == Uri.UriSchemeHttps && settings.Text("CertificateFile") is null)
            settings.Problem("CertificateFile", "the transport certificate that is registered at Revolut (PEM or PFX)", "nothing");
    }

    private static X509Certificate2? ReadCertificate(ProviderSettings settings)
    {
        if (settings.Text("CertificateFile") is not { } path)
            return null;
        var keyPath = settings.Text("CertificateKeyFile");
        var password = settings.File("CertificatePasswordFile")?.TrimEnd('\r', '\n');
        try
        {
            // The two kinds of file are told apart by what is in them: names lie.
            var certificate = X509Certificate2.GetCertContentType(path) is X509ContentType.Pkcs12
                ? X509CertificateLoader.LoadPkcs12FromFile(path, password)
                : password is null
                    ? X509Certificate2.CreateFromPemFile(path, keyPath)
                    : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
            if (certificate.HasPrivateKey)
                return certificate;
            settings.Problem("CertificateFile", "a certificate with its private key", $"'{path}', which holds no key");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            settings.Problem("CertificateFile", "a certificate (PEM or PFX) with its private key, here or in CertificateKeyFile, and its password, if it has one, in CertificatePasswordFile",
                $"'{path}' ({error.Message})");
        }

        return null;
    }

    private static X509Certificate2Collection? ReadRoots(ProviderSettings settings)
    {
        if (settings.Text("TrustedRootsFile") is not { } path)
            return null;
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPemFile(path);
            if (roots.Count > 0)
                return roots;
            settings.Problem("TrustedRootsFile", "certificates in PEM", $"'{path}', which holds none");
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            settings.Problem("TrustedRootsFile", "certificates in PEM", $"'{path}' ({error.Message})");
        }

        return null;
    }
}

/// <summary>One consent of a user at Revolut.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="RefreshToken">The one it began with; a newer one may be stored.</param>
/// <param name="EndsAt">When its user agreed that it ends, or has to be asked again; null when nobody noted it.</param>
internal sealed record RevolutConsent(string Name, string RefreshToken, DateTimeOffset? EndsAt = null)
{
    public static RevolutConsent? Read(string name, ProviderSettings settings)
    {
        // The links are read with those of the other providers: BalanceOptions.
        settings.Only("RefreshToken", "RefreshTokenFile", "EndsAt", "Links");
        var endsAt = settings.Moment("EndsAt");
        if (settings.Secret("RefreshToken") is { } token)
            return new RevolutConsent(name, token, endsAt);
        if (settings.Text("RefreshToken") is null && settings.Text("RefreshTokenFile") is null)
            settings.Problem("RefreshToken", "the refresh token of the consent, here or in RefreshTokenFile", "nothing");
        return null;
    }

    // A record would print its token.
    public override string ToString() => Name;
}
