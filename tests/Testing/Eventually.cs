using System.Diagnostics;

namespace Redbark.Sync.Testing;

/// <summary>Waits for what must come to hold. The limit is far beyond what is expected; it only ends a test that hangs.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static Task HoldsAsync(Func<Task<bool>> condition, string what, Func<string>? evidence = null) =>
        HoldsAsync(condition, what, () => Task.FromResult(evidence?.Invoke() ?? ""));

    /// <summary>The same, with evidence that has to be asked for.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, Func<Task<string>> evidence)
    {
        for (var watch = Stopwatch.StartNew(); !await condition(); await Task.Delay(25))
        {
            if (watch.Elapsed > Limit)
                throw new TimeoutException($"Not within {Limit.TotalSeconds:0} s: {what}\n{await evidence()}");
        }
    }

    /// <summary>Waits until a value is what is expected, and says what it was instead.</summary>
    public static async Task EqualsAsync<T>(T expected, Func<Task<T>> actual, Func<string>? evidence = null)
    {
        var last = default(T);
        await HoldsAsync(
            async () => EqualityComparer<T>.Default.Equals(expected, last = await actual()), $"expected {expected}", () => $"last seen: {last}\n{evidence?.Invoke()}");
    }
}
