using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Redbark.Sync.Bench.Load;

/// <summary>
/// Posts over a few keep-alive connections, each with one request at a time. Requests are bytes made beforehand, so that the
/// generator takes little of the processor that the server needs.
/// </summary>
internal sealed class LoadGenerator(Uri address, int connections)
{
    /// <param name="Requests">How many were answered 200.</param>
    /// <param name="Elapsed">From the first byte to the last answer.</param>
    public sealed record Result(long Requests, TimeSpan Elapsed)
    {
        public double PerSecond => Requests / Elapsed.TotalSeconds;
    }

    /// <summary>Sends for a while.</summary>
    /// <param name="next">The next request's bytes, head and body; null ends that connection's work.</param>
    /// <param name="limit">No request is begun after it.</param>
    /// <exception cref="InvalidOperationException">An answer was not 200: a measurement of refusals would mean nothing.</exception>
    public async Task<Result> RunAsync(Func<ReadOnlyMemory<byte>?> next, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => SendAsync(next, watch, limit))));
        return new Result(counts.Sum(), watch.Elapsed);
    }

    private async Task<long> SendAsync(Func<ReadOnlyMemory<byte>?> next, Stopwatch watch, TimeSpan limit)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var count = 0L;
        while (watch.Elapsed < limit && next() is { } request)
        {
            for (var sent = 0; sent < request.Length;)
                sent += await socket.SendAsync(request[sent..]);
            await ReadAnswerAsync(socket, buffer);
            count++;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return count;
    }

    private static async Task ReadAnswerAsync(Socket socket, byte[] buffer)
    {
        for (var filled = 0; ;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read == 0)
                throw new InvalidOperationException("The server closed the connection.");
            filled += read;
            if (HttpAnswer.IsComplete(buffer.AsSpan(0, filled)))
                break;
        }
    }
}
