using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Redbark.Sync.Simulator.Tests;

/// <summary>One request as it arrived.</summary>
internal sealed record Received(IHeaderDictionary Headers, byte[] Body, string Path, string Protocol)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string EventId => (string)Json["id"]!;

    public IReadOnlyList<string> NewIds => Ids("new");

    public IReadOnlyList<string> UpdatedIds => Ids("updated");

    public int Metadata(string name) => (int)Json["metadata"]![name]!;

    private string[] Ids(string name) => [.. Json["data"]![name]!.AsArray().Select(row => (string)row!["id"]!)];
}

/// <summary>A real receiver on loopback that answers as it is told and keeps what it got.</summary>
internal sealed class ScriptedReceiver : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Lock _gate = new();
    private readonly List<Received> _received = [];

    private ScriptedReceiver(WebApplication web) => _web = web;

    /// <summary>Answers request n (from 0); 200 when null.</summary>
    public Func<int, HttpContext, Task>? Answer { get; set; }

    public Uri Url => new(new Uri(_web.Urls.Single()), "/webhooks/test");

    public IReadOnlyList<Received> Received
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    /// <summary>Answers with these, in turn, and then with 200; 0 breaks the connection.</summary>
    public void Script(params int[] statuses) => Answer = (n, context) =>
    {
        if (n < statuses.Length && statuses[n] == 0)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = n < statuses.Length ? statuses[n] : 200;
        return Task.CompletedTask;
    };

    public static async Task<ScriptedReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var receiver = new ScriptedReceiver(web);
        web.Run(receiver.ReceiveAsync);
        await web.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        int n;
        lock (_gate)
        {
            n = _received.Count;
            _received.Add(new Received(new HeaderDictionary(context.Request.Headers.ToDictionary()), body.ToArray(), context.Request.Path, context.Request.Protocol));
        }

        if (Answer is not null)
            await Answer(n, context);
    }
}
