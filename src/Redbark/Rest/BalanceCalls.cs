using System.Net;
using System.Runtime.CompilerServices;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Rest;

/// <summary>Reads balances by the hundred, and by halves where a call is refused.</summary>
internal sealed class BalanceCalls(RestCalls calls, TimeProvider clock)
{
    private const int MostIds = 100;

    public async IAsyncEnumerable<RestBalanceResult> ReadAsync(IEnumerable<string> accountIds, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A stack, so that results come in the order in which they were asked for.
        var open = new Stack<string[]>(accountIds.Distinct(StringComparer.OrdinalIgnoreCase).Chunk(MostIds).Reverse());
        while (open.TryPop(out var ids))
        {
            var (results, refused) = await ReadAsync(ids, cancellation);
            if (refused && ids.Length > 1)
            {
                open.Push(ids[(ids.Length / 2)..]);
                open.Push(ids[..(ids.Length / 2)]);
                continue;
            }

            foreach (var result in results)
                yield return result;
        }
    }

    /// <summary>One call. Refused: the provider did not like one of the ids, and does not say which.</summary>
    private async Task<(IReadOnlyList<RestBalanceResult> Results, bool Refused)> ReadAsync(string[] ids, CancellationToken cancellation)
    {
        try
        {
            using var answer = await calls.GetAsync(RestTier.Mid, "/v1/balances", [("accountIds", string.Join(',', ids))], RedbarkClient.BalancesAge, cancellation);
            return (Sort(ids, answer), false);
        }
        catch (ProviderException error)
        {
            var now = clock.GetUtcNow();
            return ([.. ids.Select(id => new RestBalanceResult(id, null, error, now))], error.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound);
        }
    }

    /// <summary>Finds each account's row, whatever their order.</summary>
    private static List<RestBalanceResult> Sort(string[] ids, RestAnswer answer)
    {
        var reader = new BalanceReader();
        var found = new Dictionary<string, (RestBalance? Balance, ProviderException? Error)>(StringComparer.OrdinalIgnoreCase);
        foreach (var element in answer.Data.EnumerateArray())
        {
            var balance = reader.Read(element, out var id, out var unusable);
            if (id is null)
                continue;
            (RestBalance?, ProviderException?) row = unusable is null ? (balance, null) : (null, Protocol($"the balance cannot be used: {unusable.Detail}"));
            found[id] = found.TryGetValue(id, out var other) && other != row ? (null, Protocol("the answer has two balances of this account that differ")) : row;
        }

        return
        [
            .. ids.Select(id => found.TryGetValue(id, out var row)
                ? new RestBalanceResult(id, row.Balance, row.Error, answer.NotOlderThan)
                : new RestBalanceResult(id, null, Protocol("the answer has no balance of this account"), answer.NotOlderThan)),
        ];
    }

    private static ProviderException Protocol(string message) => new(ProviderFault.Protocol, message);
}
