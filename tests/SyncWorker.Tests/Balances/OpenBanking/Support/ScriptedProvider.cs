using System.Net;
using System.Text;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;

/// <summary>A provider that answers by a script, and remembers what it was asked.</summary>
internal sealed class ScriptedProvider : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<Func<SeenRequest, HttpResponseMessage>>> _answers = [];

    public List<SeenRequest> Seen { get; } = [];

    /// <summary>Answers that call, <c>GET /accounts</c>; several in turn, the last for ever.</summary>
    public ScriptedProvider On(string call, params Func<SeenRequest, HttpResponseMessage>[] answers)
    {
        _answers[call] = new Queue<Func<SeenRequest, HttpResponseMessage>>(answers);
        return this;
    }

    public int Count(string call) => Seen.Count(request => request.Call == call);

    public ProviderHttp Http(TimeProvider clock, TimeSpan? timeout = null) =>
        new(new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, clock, timeout ?? TimeSpan.FromSeconds(30));

    public static Func<SeenRequest, HttpResponseMessage> Json(string body, HttpStatusCode status = HttpStatusCode.OK, params (string Name, string Value)[] headers) =>
        Text(body, "application/json", status, headers);

    public static Func<SeenRequest, HttpResponseMessage> Text(string body, string type, HttpStatusCode status, params (string Name, string Value)[] headers) => request =>
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
        foreach (var (name, value) in headers)
            answer.Headers.TryAddWithoutValidation(name, value);
        if (request.Headers.TryGetValue("x-fapi-interaction-id", out var id))
            answer.Headers.TryAddWithoutValidation("x-fapi-interaction-id", id);
        return answer;
    };

    public static Func<SeenRequest, HttpResponseMessage> Status(int status, params (string Name, string Value)[] headers) =>
        Text("", "application/json", (HttpStatusCode)status, headers);

    /// <summary>A body that begins and never ends.</summary>
    public static HttpResponseMessage Slow(SeenRequest request) => new(HttpStatusCode.OK) { Content = new StreamContent(new EndlessBody("{\"Data\":"u8.ToArray(), wait: true)) };

    /// <summary>More bytes than anyone should read.</summary>
    public static HttpResponseMessage Huge(SeenRequest request) => new(HttpStatusCode.OK) { Content = new StreamContent(new EndlessBody(new byte[64 * 1024], wait: false)) };

    public static HttpResponseMessage Unreachable(SeenRequest request) => throw new HttpRequestException(HttpRequestError.ConnectionError);

    public static HttpResponseMessage Reset(SeenRequest request) => throw new HttpRequestException(HttpRequestError.ResponseEnded);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var seen = new SeenRequest(
            $"{request.Method} {Uri.UnescapeDataString(request.RequestUri!.AbsolutePath)}",
            request.RequestUri,
            request.Headers.ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase),
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        Seen.Add(seen);
        if (!_answers.TryGetValue(seen.Call, out var answers))
            throw new InvalidOperationException($"Nothing is scripted for {seen.Call}.");
        return (answers.Count > 1 ? answers.Dequeue() : answers.Peek())(seen);
    }

    private sealed class EndlessBody(byte[] content, bool wait) : Stream
    {
        private bool _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read && wait)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            _read = true;
            var length = Math.Min(content.Length, buffer.Length);
            content.AsMemory(0, length).CopyTo(buffer);
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>One request as it came.</summary>
internal sealed record SeenRequest(string Call, Uri Url, IReadOnlyDictionary<string, string> Headers, string Body);
