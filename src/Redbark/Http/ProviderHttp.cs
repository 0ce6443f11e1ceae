using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Redbark.Sync.Wire.Http;

/// <summary>
/// Calls one provider, and no other host: redirects are not followed, so that a key never travels. Answers are read whole, within a time
/// and a size. What comes back is the provider's, whatever its status; <see cref="ProviderException"/> is thrown only where there is no
/// answer to look at.
/// </summary>
public sealed class ProviderHttp(HttpClient client, TimeProvider clock, TimeSpan timeout) : IDisposable
{
    /// <summary>Longest answer that is read, in bytes.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    /// <summary>Longest call, body included, where the settings do not say otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A client with the handler that providers are called through.</summary>
    /// <param name="baseUrl">Scheme, host and base path of the provider.</param>
    /// <param name="clock">The time.</param>
    /// <param name="certificate">The client certificate, where the provider wants one.</param>
    /// <param name="trusted">Roots to trust in place of the machine's own.</param>
    /// <param name="timeout">Longest call; <see cref="DefaultTimeout"/> when null.</param>
    public static ProviderHttp Create(
        Uri baseUrl, TimeProvider clock, X509Certificate2? certificate = null, X509Certificate2Collection? trusted = null, TimeSpan? timeout = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 64,
        };
        if (certificate is not null)
        {
            // Without the callback the certificate is kept back from servers that name only the root of its issuers.
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        if (trusted is { Count: > 0 })
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        return new ProviderHttp(new HttpClient(handler) { BaseAddress = baseUrl, Timeout = Timeout.InfiniteTimeSpan }, clock, timeout ?? DefaultTimeout);
    }

    /// <summary>Sends one request, once.</summary>
    /// <exception cref="ProviderException">No connection, a broken or slow one, a redirect, or an answer that is too long.</exception>
    public async Task<ProviderAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if ((int)response.StatusCode is >= 300 and < 400)
                throw new ProviderException(ProviderFault.Protocol, "the provider answered with a redirect, which is not followed") { Status = response.StatusCode };
            var body = await ReadAsync(response, either.Token);
            return new ProviderAnswer(response.StatusCode, response.Headers, body, RetryAfter(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ProviderException(ProviderFault.Transient, $"no complete answer within {timeout.TotalSeconds:0} seconds", error);
        }
        catch (HttpRequestException error)
        {
            throw new ProviderException(ProviderFault.Transient, $"the provider cannot be reached ({error.HttpRequestError})", error)
            {
                ReachedProvider = error.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError),
            };
        }
        catch (IOException error)
        {
            throw new ProviderException(ProviderFault.Transient, "the connection broke in the middle of the answer", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[81920];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (body.Length + read > MostBytes)
                throw new ProviderException(ProviderFault.Protocol, $"the answer is longer than {MostBytes} bytes") { Status = response.StatusCode };
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private DateTimeOffset? RetryAfter(RetryConditionHeaderValue? header) =>
        header is null ? null : header.Date ?? (header.Delta is { } delta ? clock.GetUtcNow() + delta : null);
}

/// <summary>One answer, read whole.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="RetryAfter">When the provider wants to be asked again (UTC), from <c>Retry-After</c>.</param>
public sealed record ProviderAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, byte[] Body, DateTimeOffset? RetryAfter)
{
    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The body as JSON.</summary>
    /// <exception cref="ProviderException">It is not JSON, or not all of it came.</exception>
    public JsonDocument Json()
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException error)
        {
            throw new ProviderException(ProviderFault.Protocol, $"the answer is not JSON ({Body.Length} bytes, status {(int)Status})", error) { Status = Status };
        }
    }
}
