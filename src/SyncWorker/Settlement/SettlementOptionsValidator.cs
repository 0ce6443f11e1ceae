using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Settlement;

/// <summary>Says which key is wrong, what was found and what is expected.</summary>
internal sealed class SettlementOptionsValidator : IValidateOptions<SettlementOptions>
{
    private const int LongestWindow = 60;

    public ValidateOptionsResult Validate(string? name, SettlementOptions options)
    {
        var problems = new List<string>();
        Check(options.DaysBefore is >= 0 and <= LongestWindow, nameof(options.DaysBefore), options.DaysBefore, $"a number of days from 0 to {LongestWindow}");
        Check(options.DaysAfter is >= 0 and <= LongestWindow, nameof(options.DaysAfter), options.DaysAfter, $"a number of days from 0 to {LongestWindow}");
        Check(options.ExpireAfter >= TimeSpan.FromDays(1) && options.ExpireAfter <= TimeSpan.FromDays(3650), nameof(options.ExpireAfter), options.ExpireAfter,
            "1 to 3650 days, such as 14.00:00:00");
        for (var i = 0; i < options.HoldRules.Count; i++)
            CheckRule(options.HoldRules[i], $"HoldRules:{i}");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckRule(HoldRule rule, string key)
        {
            var (equals, matches) = (!string.IsNullOrWhiteSpace(rule.DescriptionEquals), !string.IsNullOrWhiteSpace(rule.DescriptionMatches));
            Check(equals != matches, key, equals ? "both" : "neither", "either DescriptionEquals or DescriptionMatches");
            if (!matches)
                return;
            try
            {
                HoldRecogniser.Compile(rule.DescriptionMatches!);
            }
            catch (Exception error) when (error is ArgumentException or NotSupportedException)
            {
                Check(false, $"{key}:DescriptionMatches", rule.DescriptionMatches!, $"a regular expression without lookaround and back-references ({error.Message})");
            }
        }

        void Check(bool isRight, string key, object found, string expected)
        {
            if (!isRight)
                problems.Add($"{SettlementOptions.Section}:{key}: expected {expected}, found '{found}'.");
        }
    }
}
