namespace Redbark.Sync.Worker.Settlement;

/// <summary>How pending rows, holds and posted rows are put together: the keys under <c>Settlement</c>.</summary>
internal sealed class SettlementOptions
{
    public const string Section = "Settlement";

    /// <summary>By how many days a posted row may be booked before its pending twin.</summary>
    public int DaysBefore { get; set; } = 1;

    /// <summary>By how many days it may be booked after it.</summary>
    public int DaysAfter { get; set; } = 8;

    /// <summary>How long after its booking date an unsettled row is given up.</summary>
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Which rows sent as posted are holds. None named: a description of <c>AUTHORISATION</c> (spec 7.5).</summary>
    public IList<HoldRule> HoldRules { get; } = [];

    public bool IsInWindow(int days) => days >= -DaysBefore && days <= DaysAfter;
}

/// <summary>One way to recognise a hold that was sent as posted.</summary>
internal sealed class HoldRule
{
    /// <summary>The whole description, but for case and outer spaces.</summary>
    public string? DescriptionEquals { get; set; }

    /// <summary>A regular expression that the description matches, whatever the case; without lookaround and back-references, so that its time is bounded.</summary>
    public string? DescriptionMatches { get; set; }

    /// <summary>The accounts it is for, by <c>account_id</c> or <c>account_public_id</c>; none named: all.</summary>
    public IList<string> OnlyAccounts { get; } = [];
}
