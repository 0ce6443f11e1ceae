using System.Collections.Concurrent;
using System.Net;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

/// <summary>
/// Sends as Redbark does: a delivery that is not answered 200 is tried again, four times in all, each time through the next of several
/// ingresses, as a proxy that notices would. Redbark waits 1, 3 and 9 seconds in between; this one a part of that.
/// </summary>
internal sealed class Resender(IReadOnlyList<Sender> ingresses)
{
    private const int Tries = 4;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<int, HttpStatusCode?> _lost = new();
    private int _next;

    /// <summary>Deliveries that were begun.</summary>
    public int Sent => _next;

    /// <summary>Deliveries that no try brought home, with their last answer.</summary>
    public IReadOnlyDictionary<int, HttpStatusCode?> Lost => _lost;

    public async Task SendUntilAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await SendAsync(Interlocked.Increment(ref _next));
    }

    private async Task SendAsync(int number)
    {
        HttpStatusCode? answer = null;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (attempt > 0)
                await Task.Delay(FirstWait * Math.Pow(3, attempt - 1));
            answer = await ingresses[(number + attempt) % ingresses.Count].SendAsync(number);
            if (answer == HttpStatusCode.OK)
                return;
        }

        _lost[number] = answer;
    }
}
