using System.Globalization;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>Something that a row says. Two rows of one amount that say the same are taken for one payment.</summary>
internal readonly record struct Evidence(SettlementTier Tier, string Text)
{
    private const int ShortestReference = 4;

    // ISO 20022's word for no reference, and what else stands where there is none.
    private static readonly HashSet<string> NoReference = new(StringComparer.Ordinal) { "notprovided", "not provided", "none", "null", "unknown" };

    /// <summary>All that a row says, the strongest first.</summary>
    public static List<Evidence> Of(SettlementRow row)
    {
        var says = new List<Evidence>(6);
        if (row.OccurredAt is { } at && IsTimeOfDay(at))
            says.Add(new Evidence(SettlementTier.Instant, at.UtcTicks.ToString(CultureInfo.InvariantCulture)));
        if (row.Reference is not null && PayeeText.Even(row.Reference) is { Length: >= ShortestReference } reference && !NoReference.Contains(reference))
            says.Add(new Evidence(SettlementTier.Reference, reference));
        foreach (var text in (ReadOnlySpan<string?>)[row.MerchantName, row.Description])
        {
            if (PayeeText.Payee(text) is not { } payee)
                continue;
            Add(new Evidence(SettlementTier.Text, PayeeText.Even(text!)));
            Add(new Evidence(SettlementTier.Payee, payee));
        }

        says.Sort(static (left, right) => left.Tier != right.Tier ? left.Tier.CompareTo(right.Tier) : string.CompareOrdinal(left.Text, right.Text));
        return says;

        void Add(Evidence evidence)
        {
            if (!says.Contains(evidence))
                says.Add(evidence);
        }
    }

    /// <summary>Banks that know only a day send its local midnight (spec 7.4), which every payment of that day shares: on the quarter of an hour is no time.</summary>
    private static bool IsTimeOfDay(DateTimeOffset at) => at.UtcTicks % TimeSpan.FromMinutes(15).Ticks != 0;
}

/// <summary>A row and what it says.</summary>
internal sealed class Candidate(SettlementRow row)
{
    public SettlementRow Row => row;

    public List<Evidence> Says { get; } = Evidence.Of(row);

    public int Day => row.BookedOn.DayNumber;

    /// <summary>The strongest that both say, if any.</summary>
    public Evidence? Shared(Candidate other)
    {
        foreach (var evidence in Says)
        {
            if (other.Says.Contains(evidence))
                return evidence;
        }

        return null;
    }
}
