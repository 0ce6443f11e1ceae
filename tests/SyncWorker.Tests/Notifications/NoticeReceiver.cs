using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Tests.Notifications;

/// <summary>Takes notices over HTTP, and checks their signatures as a receiver of Redbark's webhooks does.</summary>
internal sealed class NoticeReceiver : IAsyncDisposable
{
    public const string Secret = "the-secret-of-the-notices";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonElement> _messages = new();

    private NoticeReceiver(TimeProvider clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add($"http://127.0.0.1:{FreePort.Next()}");
        _app.MapPost("/notices", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var verdict = WebhookSignature.Verify(
                body.ToArray(), context.Request.Headers[WebhookHeaders.Signature], context.Request.Headers[WebhookHeaders.Timestamp],
                [SigningSecret.FromText("test", Secret)], clock.GetUtcNow(), WebhookSignature.DefaultTolerance).Verdict;
            Verdicts.Enqueue(verdict);
            if (Status == HttpStatusCode.OK)
            {
                _messages.Enqueue(JsonSerializer.Deserialize<JsonElement>(body.ToArray()));
                Took?.Invoke();
            }

            context.Response.StatusCode = (int)Status;
        });
    }

    public Uri Url => new($"{_app.Urls.Single()}/notices");

    /// <summary>What it answers.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>Called once a message is taken, before that is answered.</summary>
    public Action? Took { get; set; }

    public ConcurrentQueue<SignatureVerdict> Verdicts { get; } = new();

    /// <summary>What came and was taken: change, kind and subject of each notice.</summary>
    public List<string> Told => [.. _messages.SelectMany(message => message.GetProperty("notices").EnumerateArray())
        .Select(notice => $"{notice.GetProperty("change")} {notice.GetProperty("kind")} {notice.GetProperty("subject")}".TrimEnd())];

    public IReadOnlyList<JsonElement> Messages => [.. _messages];

    public static async Task<NoticeReceiver> StartAsync(TimeProvider clock)
    {
        var receiver = new NoticeReceiver(clock);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
