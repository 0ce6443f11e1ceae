using System.Net;
using System.Text;

namespace Redbark.Sync.Testing;

/// <summary>A provider that answers as a test says, and remembers what it was asked.</summary>
public sealed class ScriptedHttp(TimeProvider clock) : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly Queue<Func<Ask, CancellationToken, Task<HttpResponseMessage>>> _next = [];
    private readonly List<Ask> _asked = [];

    /// <summary>One request: where to (path and query, unescaped), when, and with which <c>Authorization</c>.</summary>
    public sealed record Ask(Uri Target, DateTimeOffset At, string? Authorization)
    {
        public string Path => Uri.UnescapeDataString(Target.PathAndQuery);

        /// <summary>The value of a parameter; empty when there is none.</summary>
        public string this[string name] =>
            Target.Query.TrimStart('?').Split('&').Where(pair => pair.StartsWith(name + '=', StringComparison.Ordinal)).Select(pair => Uri.UnescapeDataString(pair[(name.Length + 1)..])).SingleOrDefault("");
    }

    public IReadOnlyList<Ask> Asked
    {
        get
        {
            lock (_gate)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>Answers whatever no <see cref="Then(string, HttpStatusCode, (string, string)[])"/> is left for.</summary>
    public Func<Ask, HttpResponseMessage>? Otherwise { get; set; }

    /// <summary>The next answer.</summary>
    public ScriptedHttp Then(string body, HttpStatusCode status = HttpStatusCode.OK, params (string Name, string Value)[] headers) =>
        Then((_, _) => Task.FromResult(Answer(body, status, headers)));

    /// <summary>The next answer, however it comes.</summary>
    public ScriptedHttp Then(Func<Ask, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _next.Enqueue(answer);
        return this;
    }

    public static HttpResponseMessage Answer(string body, HttpStatusCode status = HttpStatusCode.OK, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
            response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var ask = new Ask(request.RequestUri!, clock.GetUtcNow(), request.Headers.Authorization?.ToString());
        Func<Ask, CancellationToken, Task<HttpResponseMessage>>? next;
        lock (_gate)
        {
            _asked.Add(ask);
            _next.TryDequeue(out next);
        }

        return next is not null ? next(ask, cancellationToken)
            : Otherwise is not null ? Task.FromResult(Otherwise(ask))
            : throw new InvalidOperationException($"No answer is scripted for {ask.Path}.");
    }
}
