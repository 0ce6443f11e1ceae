using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Contracts;
using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Ingress.Relay;
using Redbark.Sync.Ingress.Webhooks;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Tests;

/// <summary>The real ingress on a loopback port, with a publisher of the test's.</summary>
internal sealed class IngressDriver : IAsyncDisposable
{
    public const string Secret = "whsec_never-in-a-log";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;

    private IngressDriver(WebApplication app, LogCapture logs, FakePublisher publisher, FaultyFiles files)
    {
        (_app, Logs, Publisher, Files) = (app, logs, publisher, files);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public LogCapture Logs { get; }

    public FakePublisher Publisher { get; }

    public FaultyFiles Files { get; }

    public DeliveryJournal Journal => _app.Services.GetRequiredService<DeliveryJournal>();

    public BodyReader Bodies => _app.Services.GetRequiredService<BodyReader>();

    public IConfigurationRoot Configuration => (IConfigurationRoot)_app.Configuration;

    /// <param name="directory">Of the journal.</param>
    /// <param name="settings">Configuration; a feed <c>redbark</c> is there already.</param>
    /// <param name="publisher">Takes the deliveries.</param>
    /// <param name="noFeed">Leaves the feed <c>redbark</c> out.</param>
    /// <param name="withBus">Publishes on RabbitMQ instead.</param>
    public static async Task<IngressDriver> StartAsync(
        string directory, Dictionary<string, string?>? settings = null, FakePublisher? publisher = null, bool withBus = false, bool noFeed = false)
    {
        var logs = new LogCapture();
        var files = new FaultyFiles();
        publisher ??= new FakePublisher();
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Journal:Directory"] = directory,
            ["Relay:MaxBackoff"] = "00:00:00.5",
        });
        if (!noFeed)
            builder.Configuration["Feeds:redbark:Secrets:0"] = Secret;
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IJournalFiles>(files);
        if (withBus)
            builder.AddIngressBus();
        builder.AddIngress();
        if (!withBus)
            builder.Services.Replace(ServiceDescriptor.Singleton<IDeliveryPublisher>(publisher));

        var app = builder.Build();
        try
        {
            app.MapIngress();
            await app.StartAsync();
            return new IngressDriver(app, logs, publisher, files);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>A signed request.</summary>
    public static HttpRequestMessage Signed(
        ReadOnlyMemory<byte> body, string secret = Secret, TimeSpan age = default, string feed = "redbark", bool chunked = false)
    {
        var time = DateTimeOffset.UtcNow.Add(-age).ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/{feed}") { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.Add(WebhookHeaders.Timestamp, time.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookHeaders.Signature, WebhookSignature.Sign(body.Span, time, SigningSecret.FromText("test", secret)));
        request.Headers.UserAgent.ParseAdd(WebhookHeaders.UserAgentValue);
        return request;
    }

    public async Task<(int Status, string? Reason, HttpResponseMessage Response)> SendAsync(HttpRequestMessage request)
    {
        var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var reason = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonDocument.Parse(text).RootElement.GetProperty("reason").GetString()
            : null;
        return ((int)response.StatusCode, reason, response);
    }

    public async Task<int> PostAsync(byte[] body) => (await SendAsync(Signed(body))).Status;

    /// <summary>The bodies in the journal, in order.</summary>
    public List<byte[]> StoredBodies()
    {
        var bodies = new List<byte[]>();
        using var cursor = Journal.ReadFrom(1);
        while (cursor.Read() is { } record)
        {
            using (record)
                bodies.Add(record.Body.ToArray());
        }

        return bodies;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var started = DateTime.UtcNow; !condition(); await Task.Delay(20))
            Assert.True(DateTime.UtcNow - started < Patience, "It did not happen in time.");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
