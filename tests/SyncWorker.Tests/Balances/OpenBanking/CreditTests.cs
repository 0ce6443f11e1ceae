using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;
using static Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support.RevolutStage;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>Borrowed money never shows as the holder's own (open-banking-balances 4.1, rules 3 and 6), nor does a rounded difference.</summary>
public sealed class CreditTests
{
    [Theory]
    [InlineData("800.00", null, "GBP")]
    [InlineData("800.00", "500.00", "EUR")]
    [InlineData("9999999999999999999999999999", "0.5", "GBP")]
    public async Task Credit_that_cannot_be_taken_out_exactly_leaves_the_current_balance_unknown(string available, string? credit, string currency)
    {
        var balance = await ReadAsync(available, Line(true, "Temporary", credit, currency));
        Assert.Equal((null, available, CreditInclusion.Included), (balance.Current, balance.Available.ToString(), balance.AvailableIncludesCredit));
        Assert.Equal(["credit_amount_unknown"], balance.Flags);
    }

    [Fact]
    public async Task What_is_left_of_a_facility_is_not_taken_out_beside_its_limit()
    {
        var balance = await ReadAsync("800.00", $"{Line(true, "Available", "400.00")},{Line(true, "Pre-Agreed", "500.00")}");
        Assert.Equal((300.00m, 500.00m), (balance.Current, balance.CreditLimit));
        Assert.Equal(400.00m, (await ReadAsync("800.00", Line(true, "Available", "400.00"))).Current);
    }

    private static async Task<AccountBalance> ReadAsync(string available, string lines)
    {
        using var stage = new RevolutStage();
        var reading = await stage.ReadBodyAsync(BalancesBody(Balance("InterimAvailable", "Credit", available, lines: lines)));
        return reading.Balance ?? throw reading.Error!;
    }
}
