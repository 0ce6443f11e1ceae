using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Redbark.Sync.Testing;

/// <summary>A RabbitMQ virtual host of a test's own.</summary>
public sealed class TestVirtualHost : IAsyncDisposable
{
    private readonly HttpClient _api;

    private TestVirtualHost(RabbitMqAddress server, string name)
    {
        Name = name;
        ConnectionString = new Uri(server.Amqp, name).ToString();
        _api = new HttpClient { BaseAddress = new Uri(server.Api.GetLeftPart(UriPartial.Authority).Replace($"{server.Api.UserInfo}@", "", StringComparison.Ordinal)) };
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(server.Api.UserInfo)));
    }

    public string Name { get; }

    /// <summary><c>amqp://user:password@host:port/name</c>.</summary>
    public string ConnectionString { get; }

    internal static async Task<TestVirtualHost> CreateAsync(RabbitMqAddress server)
    {
        var host = new TestVirtualHost(server, $"test-{Guid.CreateVersion7():n}");
        var user = server.Amqp.UserInfo.Split(':')[0];
        (await host._api.PutAsync($"/api/vhosts/{host.Name}", null)).EnsureSuccessStatusCode();
        using var all = JsonContent.Create(new { configure = ".*", write = ".*", read = ".*" });
        (await host._api.PutAsync($"/api/permissions/{host.Name}/{user}", all)).EnsureSuccessStatusCode();
        return host;
    }

    /// <summary>What the management API says of the host's queues.</summary>
    public Task<JsonElement> QueuesAsync() => _api.GetFromJsonAsync<JsonElement>($"/api/queues/{Name}");

    public async ValueTask DisposeAsync()
    {
        await _api.DeleteAsync($"/api/vhosts/{Name}");
        _api.Dispose();
    }
}
