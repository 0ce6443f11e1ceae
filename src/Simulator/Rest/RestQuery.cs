using System.Globalization;
using System.Text.RegularExpressions;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>Parameters of REST calls, read or refused.</summary>
internal static partial class RestQuery
{
    private const int DefaultDays = 30;

    public static int Limit(IQueryCollection query, int fallback, int most) => Number(query, "limit", fallback, 1, most);

    public static int Offset(IQueryCollection query) => Number(query, "offset", 0, 0, int.MaxValue);

    public static string Required(IQueryCollection query, string name) =>
        query[name].ToString() is { Length: > 0 } value ? value : throw RestRefusal.BadRequest($"{name} is required", name);

    /// <summary>The rows of one account that <c>from</c> and <c>to</c> let through, newest first; 30 days when there is no <c>from</c>.</summary>
    public static IReadOnlyList<BankTransaction> Rows(RestService service, Guid accountId, IQueryCollection query, bool includePending)
    {
        var (bank, hides) = (service.Bank, service.Faults.Hides);
        var since = Bound(query, "from", bank.Today.AddDays(-DefaultDays));
        var until = Bound(query, "to", bank.Today);
        return
        [
            .. from row in bank.Transactions
               where row.AccountId == accountId && (includePending || row.Status == TransactionStatus.Posted) && hides?.Invoke(row) != true
               let day = bank.DateOf(row.OccurredAt)
               where (since.Day is { } first ? day >= first : row.OccurredAt >= since.At) && (until.Day is { } last ? day <= last : row.OccurredAt <= until.At)
               orderby row.OccurredAt descending, row.Id descending
               select row,
        ];
    }

    /// <summary>The trades that <c>from</c> and <c>to</c> let through; all of them when neither is there.</summary>
    public static IEnumerable<BankTrade> Trades(SimulatedBank bank, IReadOnlyCollection<Guid> accounts, IQueryCollection query)
    {
        var since = Bound(query, "from", DateOnly.MinValue);
        var until = Bound(query, "to", DateOnly.MaxValue);
        var first = since.Day ?? bank.DateOf(since.At);
        var last = until.Day ?? bank.DateOf(until.At);
        if (query.ContainsKey("from") && (query.ContainsKey("to") ? last : bank.Today).DayNumber - first.DayNumber > 366)
            throw RestRefusal.BadRequest("The window is longer than 366 days", "from");

        return bank.Trades.Where(trade => accounts.Contains(trade.AccountId) && trade.TradeDate >= first && trade.TradeDate <= last)
            .OrderByDescending(trade => trade.TradeDate).ThenByDescending(trade => trade.Id, StringComparer.Ordinal);
    }

    private static (DateOnly? Day, DateTimeOffset At) Bound(IQueryCollection query, string name, DateOnly fallback)
    {
        var value = query[name].ToString();
        if (value.Length == 0)
            return (fallback, default);
        if (DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return (day, default);
        // Spec 5.4: an instant without a zone is refused.
        if (Zone().IsMatch(value) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
            return (null, at);
        throw RestRefusal.BadRequest($"{name} must be YYYY-MM-DD or an RFC 3339 instant with a zone", name);
    }

    private static int Number(IQueryCollection query, string name, int fallback, int least, int most)
    {
        var value = query[name].ToString();
        if (value.Length == 0)
            return fallback;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw RestRefusal.BadRequest($"{name} must be between {least} and {most}", name);
    }

    [GeneratedRegex("T.*(Z|[+-][0-9]{2}:[0-9]{2})$")]
    private static partial Regex Zone();
}
