using Redbark.Sync.Worker.Settlement;

namespace Redbark.Sync.Worker.Tests.Settlement;

public sealed class OptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.True(new SettlementOptionsValidator().Validate(null, new SettlementOptions()).Succeeded);

    [Theory]
    [InlineData("Settlement:DaysBefore: expected a number of days from 0 to 60, found '-1'.")]
    [InlineData("Settlement:DaysAfter: expected a number of days from 0 to 60, found '61'.")]
    [InlineData("Settlement:ExpireAfter: expected 1 to 3650 days, such as 14.00:00:00, found '00:01:00'.")]
    [InlineData("Settlement:HoldRules:0: expected either DescriptionEquals or DescriptionMatches, found 'neither'.")]
    [InlineData("Settlement:HoldRules:1: expected either DescriptionEquals or DescriptionMatches, found 'both'.")]
    [InlineData("Settlement:HoldRules:2:DescriptionMatches: expected a regular expression without lookaround")]
    [InlineData("Settlement:HoldRules:3:DescriptionMatches: expected a regular expression without lookaround")]
    public void A_mistake_is_named_with_its_key_what_was_found_and_what_is_expected(string problem)
    {
        var options = new SettlementOptions { DaysBefore = -1, DaysAfter = 61, ExpireAfter = TimeSpan.FromMinutes(1) };
        options.HoldRules.Add(new HoldRule());
        options.HoldRules.Add(new HoldRule { DescriptionEquals = "a", DescriptionMatches = "b" });
        options.HoldRules.Add(new HoldRule { DescriptionMatches = "(" });
        options.HoldRules.Add(new HoldRule { DescriptionMatches = "(?=hold)" });

        Assert.Contains(new SettlementOptionsValidator().Validate(null, options).Failures!, failure => failure.StartsWith(problem, StringComparison.Ordinal));
    }
}
