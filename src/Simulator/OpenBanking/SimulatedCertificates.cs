using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Redbark.Sync.Simulator.OpenBanking;

/// <summary>An authority of one's own, with a certificate for a server on loopback and one for its client.</summary>
public sealed class SimulatedCertificates : IDisposable
{
    private SimulatedCertificates()
    {
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        var until = from.AddYears(2);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest("CN=Simulated Open Banking Root", key, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        Authority = root.CreateSelfSigned(from, until);
        Server = Issue("CN=127.0.0.1", "1.3.6.1.5.5.7.3.1", from, until);
        Client = Issue("CN=Simulated TPP", "1.3.6.1.5.5.7.3.2", from, until);
    }

    /// <summary>The root, which the client has to trust.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>For the server: <c>127.0.0.1</c> and <c>localhost</c>, with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>For the client, with its key.</summary>
    public X509Certificate2 Client { get; }

    /// <summary><see cref="Authority"/> as PEM.</summary>
    public string AuthorityPem => Authority.ExportCertificatePem();

    /// <summary><see cref="Client"/> as PEM, without its key.</summary>
    public string ClientPem => Client.ExportCertificatePem();

    /// <summary>The key of <see cref="Client"/> as PEM (PKCS#8).</summary>
    public string ClientKeyPem
    {
        get
        {
            using var key = Client.GetECDsaPrivateKey()!;
            return key.ExportPkcs8PrivateKeyPem();
        }
    }

    /// <summary>Generates the three. Nothing is written to disk.</summary>
    public static SimulatedCertificates Create() => new();

    /// <summary>What a registration names a certificate by: SHA-256, upper-case hex.</summary>
    public static string ThumbprintOf(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <inheritdoc/>
    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
        Client.Dispose();
    }

    private X509Certificate2 Issue(string name, string purpose, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        using var issued = request.Create(Authority, from, until.AddDays(-1), RandomNumberGenerator.GetBytes(12));
        using var whole = issued.CopyWithPrivateKey(key);
        // Through PKCS#12: on some systems a key that lives only in memory cannot serve TLS.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
