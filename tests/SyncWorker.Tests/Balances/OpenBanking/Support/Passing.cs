using Redbark.Sync.Testing;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;

internal static class Passing
{
    /// <summary>Lets the time pass, second by second, while the work waits for it.</summary>
    public static async Task<T> PassAsync<T>(this ManualClock clock, Task<T> work)
    {
        for (var seconds = 0; !work.IsCompleted && seconds < 600; seconds++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            // What the passing second set going is let run before the next.
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(25)));
        }

        return await work;
    }
}
