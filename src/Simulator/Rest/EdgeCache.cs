using System.Collections.Concurrent;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>Answers kept at the edge, by path and sorted query (spec 5.1).</summary>
internal sealed class EdgeCache(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (RestAnswer Answer, DateTimeOffset Until)> _kept = new();

    public static string KeyOf(HttpRequest request) =>
        request.Path + "?" + string.Join('&', request.Query.SelectMany(pair => pair.Value.Select(value => $"{pair.Key}={value}")).Order(StringComparer.Ordinal));

    public RestAnswer? Find(string key) => _kept.TryGetValue(key, out var kept) && clock.GetUtcNow() < kept.Until ? kept.Answer : null;

    public void Keep(string key, RestAnswer answer, TimeSpan age) => _kept[key] = (answer, clock.GetUtcNow() + age);
}
