using System.Buffers;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Ingress.Webhooks;

/// <summary>Reads bodies into pooled memory, as much at once as the budget allows.</summary>
internal sealed class BodyReader(IOptions<WebhookOptions> options, TimeProvider clock)
{
    private const int FirstChunk = 16 << 10;

    private readonly WebhookOptions _options = options.Value;
    private readonly ByteBudget _budget = new(options.Value.MaxBytesInFlight, clock);

    /// <summary>Bytes that no body holds.</summary>
    public long Free => _budget.Free;

    /// <returns>The body, which the caller disposes, or why it was not read to its end.</returns>
    /// <exception cref="OperationCanceledException">The sender is gone.</exception>
    public async ValueTask<ReadBody> ReadAsync(HttpRequest request)
    {
        var aborted = request.HttpContext.RequestAborted;
        var declared = request.ContentLength;
        if (declared > _options.MaxBodyBytes)
            return new(Answer.TooLarge(_options.MaxBodyBytes));

        // A body of unknown length is charged with the most it may have, so that no two can wait for each other.
        var charged = declared ?? _options.MaxBodyBytes;
        if (!await _budget.TryEnterAsync(charged, _options.MaxWait, aborted))
            return new(Answer.Busy);

        var body = new ReadBody(_budget, charged, (int)Math.Max(declared ?? FirstChunk, 1));
        try
        {
            using var timeout = new CancellationTokenSource(_options.ReadTimeout, clock);
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, aborted);
            try
            {
                if (await FillAsync(request, body, reading.Token) is { } refusal)
                {
                    body.Dispose();
                    return new(refusal);
                }
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !aborted.IsCancellationRequested)
            {
                body.Dispose();
                return new(Answer.TooSlow);
            }
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return body;
    }

    private async ValueTask<Answer?> FillAsync(HttpRequest request, ReadBody body, CancellationToken cancellation)
    {
        while (true)
        {
            if (body.Unfilled.Length == 0)
            {
                if (body.Length == request.ContentLength)
                    return null;
                body.Grow(_options.MaxBodyBytes + 1);
            }

            var read = await request.Body.ReadAsync(body.Unfilled, cancellation);
            if (read == 0)
                return null;
            body.Advance(read);
            if (body.Length > _options.MaxBodyBytes)
                return Answer.TooLarge(_options.MaxBodyBytes);
        }
    }
}

/// <summary>A body in pooled memory, or why there is none.</summary>
internal sealed class ReadBody : IDisposable
{
    private readonly ByteBudget? _budget;
    private readonly long _charged;
    private byte[]? _buffer;
    private int _capacity;

    public ReadBody(Answer refusal) => Refusal = refusal;

    public ReadBody(ByteBudget budget, long charged, int capacity)
    {
        (_budget, _charged, _capacity) = (budget, charged, capacity);
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
    }

    public Answer? Refusal { get; }

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    public Memory<byte> Unfilled => _buffer.AsMemory(Length, _capacity - Length);

    public void Advance(int bytes) => Length += bytes;

    /// <summary>Makes room for as many bytes again.</summary>
    public void Grow(int most)
    {
        _capacity = (int)Math.Min(2L * Math.Max(_capacity, 512), most);
        var larger = ArrayPool<byte>.Shared.Rent(_capacity);
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer!);
        _buffer = larger;
    }

    public void Dispose()
    {
        if (_budget is null || Interlocked.Exchange(ref _buffer, null) is not { } rented)
            return;
        ArrayPool<byte>.Shared.Return(rented);
        _budget.Release(_charged);
    }
}
