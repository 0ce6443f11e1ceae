using Redbark.Sync.Worker.Settlement;

namespace Redbark.Sync.Worker.Tests.Settlement;

/// <summary>Rows of one account, briefly.</summary>
internal static class Rows
{
    public static readonly DateOnly FirstDay = new(2026, 8, 10);

    /// <summary>A day on which nothing has expired.</summary>
    public static readonly DateTimeOffset Now = new(2026, 8, 20, 0, 0, 0, TimeSpan.Zero);

    public static SettlementRow Pending(string id, int day = 0, decimal amount = -45.50m, string? payee = "Woolworths") => new()
    {
        Id = id.Aggregate(17L, (hash, letter) => hash * 31 + letter),
        ExternalId = id,
        IsPosted = false,
        Amount = amount,
        Currency = "AUD",
        BookedOn = FirstDay.AddDays(day),
        Description = payee is null ? "Something" : $"{payee}  1234  SYDNEY",
        MerchantName = payee,
    };

    public static SettlementRow Posted(string id, int day = 0, decimal amount = -45.50m, string? payee = "Woolworths") =>
        Pending(id, day, amount, payee) with { IsPosted = true, Description = payee is null ? "Something else" : $"VISA-{payee}  xx4821" };

    public static SettlementOutcome Match(IEnumerable<SettlementRow> rows, SettlementDecisions? decisions = null, SettlementOptions? options = null, DateTimeOffset? now = null)
    {
        options ??= new SettlementOptions();
        return new SettlementMatcher(options).Match(rows, HoldRecogniser.For(options, "account"), decisions ?? SettlementDecisions.None, now ?? Now);
    }

    /// <summary><c>p1→q1 payee</c>, sorted.</summary>
    public static List<string> Links(this SettlementOutcome outcome, IEnumerable<SettlementRow> rows)
    {
        var names = rows.ToDictionary(row => row.Id, row => row.ExternalId);
        return [.. outcome.Links.Select(link => $"{names[link.RowId]}→{names[link.ById]} {link.Tier}").Order(StringComparer.Ordinal)];
    }

    /// <summary>All that came out, by external ids.</summary>
    public static List<string> Lines(this SettlementOutcome outcome, IEnumerable<SettlementRow> rows)
    {
        var names = rows.ToDictionary(row => row.Id, row => row.ExternalId);
        return
        [
            .. outcome.Links(rows),
            .. outcome.Holds.Select(id => $"{names[id]} hold").Order(StringComparer.Ordinal),
            .. outcome.Expired.Select(id => $"{names[id]} expired").Order(StringComparer.Ordinal),
            .. outcome.Suggestions.Select(pair => $"{names[pair.RowId]}?{names[pair.ById]} {pair.Kind} {pair.Score} {pair.Reason}").Order(StringComparer.Ordinal),
        ];
    }
}
