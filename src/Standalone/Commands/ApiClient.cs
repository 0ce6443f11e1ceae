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
        using var answer = await _http.GetAsync(path, cancellation);
        if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
            throw new ApiUnavailableException();
        if (!answer.IsSuccessStatusCode)
            throw new UsageException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }

    public async Task<(bool Succeeded, JsonElement Answer)> PostAsync(string path, CancellationToken cancellation)
    {
        using var answer = await _http.PostAsync(path, null, cancellation);
        return (answer.IsSuccessStatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation));
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The API answered 503: its database does not answer at the moment.</summary>
internal sealed class ApiUnavailableException() : Exception("The API's database does not answer at the moment.");
