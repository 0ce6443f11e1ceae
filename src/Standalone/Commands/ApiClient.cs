using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary>The running process's API, as a command on the same machine uses it.</summary>
internal sealed class ApiClient(Uri address, string token) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <exception cref="UsageException">No token can be found.</exception>
    public static ApiClient Create(IConfiguration configuration) => new(
        configuration.LocalUrl(),
        configuration["Api:Tokens:0"] ?? configuration.Data().ReadApiToken()
            ?? throw new UsageException($"no API token: {configuration.Data().ApiTokenFile} does not exist yet and Api:Tokens is not set. Start redbark-sync up first, here."));

    /// <summary>Every element of a list, page by page.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (string? after = "", page = path; after is not null; page = $"{path}{(path.Contains('?') ? '&' : '?')}after={Uri.EscapeDataString(after ?? "")}")
        {
            var answer = await GetAsync(page, cancellation);
            foreach (var element in answer.GetProperty("data").EnumerateArray())
                yield return element;
            after = answer.GetProperty("next").GetString();
        }
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, cancellation);
        if (!answer.IsSuccessStatusCode)
            throw new UsageException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }

    /// <summary>Copies an answer that may be long, while it comes.</summary>
    /// <exception cref="UsageException">It was refused.</exception>
    /// <exception cref="ApiSilentException">Nothing answered, or the answer broke off.</exception>
    public async Task CopyAsync(string path, Stream to, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, cancellation, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
            throw new UsageException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        await using var from = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[64 * 1024];
        for (var read = await ReadAsync(); read > 0; read = await ReadAsync())
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);

        async Task<int> ReadAsync()
        {
            try
            {
                return await from.ReadAsync(buffer, cancellation);
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                throw new ApiSilentException($"the answer broke off: {error.Message}", error);
            }
        }
    }

    public async Task<(bool Succeeded, JsonElement Answer)> PostAsync(string path, CancellationToken cancellation, HttpContent? body = null)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, cancellation, body: body);
        return (answer.IsSuccessStatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation));
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, CancellationToken cancellation, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, HttpContent? body = null)
    {
        HttpResponseMessage answer;
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            answer = await _http.SendAsync(request, completion, cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new ApiSilentException($"nothing answers on {_http.BaseAddress}: is redbark-sync up running? ({error.Message})", error);
        }

        if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable)
            return answer;
        answer.Dispose();
        throw new ApiSilentException("the process runs, but its database does not answer at the moment.");
    }
}

/// <summary>The process does not answer, or not now.</summary>
internal sealed class ApiSilentException(string message, Exception? inner = null) : Exception(message, inner);
