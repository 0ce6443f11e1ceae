using System.Text.RegularExpressions;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>Tells the holds among the rows that say posted (spec 7.5).</summary>
internal sealed class HoldRecogniser
{
    public const string UsualDescription = "authorisation";

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private readonly List<string> _equals = [];
    private readonly List<Regex> _matches = [];

    private HoldRecogniser(IEnumerable<HoldRule> rules)
    {
        foreach (var rule in rules)
        {
            if (rule.DescriptionEquals is { } text)
                _equals.Add(Trim(text));
            if (rule.DescriptionMatches is { } pattern)
                _matches.Add(Compile(pattern));
        }
    }

    /// <summary>Whether it is only the usual description, for which there is an index.</summary>
    public bool IsUsual => _matches.Count == 0 && _equals is [UsualDescription];

    /// <summary>By the rules that are for one account.</summary>
    public static HoldRecogniser For(SettlementOptions options, params ReadOnlySpan<string?> accountNames)
    {
        if (options.HoldRules.Count == 0)
            return new HoldRecogniser([new HoldRule { DescriptionEquals = UsualDescription }]);
        var names = accountNames.ToArray();
        return new HoldRecogniser(options.HoldRules.Where(rule => rule.OnlyAccounts.Count == 0 || rule.OnlyAccounts.Any(names.Contains)));
    }

    public static Regex Compile(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LongestMatch);

    public bool IsHold(string? description)
    {
        if (description is null)
            return false;
        var text = Trim(description);
        return _equals.Contains(text) || _matches.Exists(pattern => pattern.IsMatch(text));
    }

    // Spaces alone, as the database trims; its lower() and this agree on ASCII, and names of holds are that.
    private static string Trim(string text) => text.Trim(' ').ToLowerInvariant();
}
