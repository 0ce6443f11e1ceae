using System.Text.RegularExpressions;
using Redbark.Sync.Worker.Reconciliation.Proof;

namespace Redbark.Sync.Worker.Reconciliation.Causes;

/// <summary>Rows that the ledger counts and the bank does not: they come to exactly the step, with the opposite sign.</summary>
internal static partial class SurplusRows
{
    // A hold becomes a booking within so many days (spec 7.5).
    private const int MostDaysApart = 8;

    /// <summary>A hold that came as posted.</summary>
    public static DriftFinding? FindHold(StepEvidence evidence)
    {
        var holds = evidence.Entered.Where(row => row.Description is { } text && HoldText().IsMatch(text)).ToList();
        return Surplus(holds, evidence.Amount) is { } rows
            ? evidence.Finding(DriftCause.HoldAsPosted, Ids(rows), $"{rows.Count} rows look like card holds and come to exactly the difference: the bank does not count them", rows.Min(row => row.On))
            : null;
    }

    /// <summary>Rows that have a twin under another id.</summary>
    public static DriftFinding? FindDuplicates(StepEvidence evidence)
    {
        var all = evidence.Input.Timeline.Movements.ToLookup(row => row.Amount);
        var twins = evidence.Entered.Where(row => all[row.Amount].Any(other => IsEarlierTwin(other, row))).ToList();
        return Surplus(twins, evidence.Amount) is { } rows
            ? evidence.Finding(DriftCause.Duplicate, Ids(rows), $"{rows.Count} rows have a twin with the same amount and payee, and come to exactly the difference", rows.Min(row => row.On))
            : null;
    }

    private static bool IsEarlierTwin(Movement twin, Movement row) =>
        twin.Id < row.Id && Math.Abs(twin.On.DayNumber - row.On.DayNumber) <= MostDaysApart && SamePayee(twin, row);

    private static bool SamePayee(Movement left, Movement right) =>
        (left.Merchant is { } merchant && string.Equals(merchant, right.Merchant, StringComparison.OrdinalIgnoreCase))
        || (left.Description is { } text && string.Equals(text, right.Description, StringComparison.OrdinalIgnoreCase));

    /// <summary>One row, two rows, or all of them that come to the opposite of the step.</summary>
    private static List<Movement>? Surplus(List<Movement> rows, decimal amount)
    {
        if (rows.Find(row => row.Amount == -amount) is { } single)
            return [single];
        if (rows.Count > 1 && rows.Sum(row => row.Amount) == -amount)
            return rows;
        var byAmount = rows.ToLookup(row => row.Amount);
        foreach (var row in rows)
        {
            if (byAmount[-amount - row.Amount].FirstOrDefault(other => other.Id > row.Id) is { } other)
                return [row, other];
        }

        return null;
    }

    private static List<long> Ids(List<Movement> rows) => [.. rows.Select(row => row.Id)];

    [GeneratedRegex(@"^\s*(AUTHORI[SZ]ATION|PRE-?AUTH\w*|AUTH\s?HOLD|CARD\s?HOLD|HOLD)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HoldText();
}
