using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;
using static Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support.RevolutStage;
using static Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support.TokenIoStage;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>The vectors of open-banking-balances 4.3, by number, from the bodies on.</summary>
public sealed class VectorTests
{
    [Fact]
    public async Task Vector_01_an_available_balance_alone_is_the_current_one_too()
    {
        var balance = await Revolut(Balance("InterimAvailable", "Credit", "970.49"));
        Is(balance, "970.49", ValueOrigin.FallbackFromAvailable, "970.49");
        Assert.Equal(new DateTimeOffset(2022, 9, 22, 8, 32, 2, TimeSpan.Zero).AddMicroseconds(775972), balance.AsOf);
        Assert.Equal(CreditInclusion.Unknown, balance.AvailableIncludesCredit);
        Assert.Empty(balance.Flags);
    }

    [Fact]
    public async Task Vector_02_a_debit_is_negative() =>
        Is(await Revolut(Balance("InterimAvailable", "Debit", "12.30")), "-12.30", ValueOrigin.FallbackFromAvailable, "-12.30");

    [Fact]
    public async Task Vector_03_a_booked_balance_is_the_current_one() =>
        Is(await Revolut(Balance("InterimBooked", "Credit", "2088.55"), Balance("InterimAvailable", "Credit", "2000.00")), "2088.55", ValueOrigin.Reported, "2000.00");

    [Fact]
    public async Task Vector_04_zero_has_no_sign() =>
        Is(await Revolut(Balance("InterimBooked", "Debit", "0.00")), "0.00", ValueOrigin.Reported, null);

    [Fact]
    public async Task Vector_05_included_credit_is_not_the_holders_own()
    {
        var balance = await Revolut(Balance("InterimAvailable", "Credit", "800.00", lines: $"{Line(false, "Available", "500.00")},{Line(true, "Temporary", "500.00")}"));
        Is(balance, "300.00", ValueOrigin.FallbackFromAvailable, "800.00");
        Assert.Equal(CreditInclusion.Included, balance.AvailableIncludesCredit);
        Assert.Equal(500.00m, balance.CreditLimit);
    }

    [Fact]
    public async Task Vector_06_credit_that_is_not_included_changes_nothing()
    {
        var balance = await Revolut(Balance("InterimAvailable", "Debit", "100.00", lines: $"{Line(false, "Available", "400.00")},{Line(false, "Pre-Agreed", "500.00")}"));
        Is(balance, "-100.00", ValueOrigin.FallbackFromAvailable, "-100.00");
        Assert.Equal(CreditInclusion.NotIncluded, balance.AvailableIncludesCredit);
        Assert.Equal(500.00m, balance.CreditLimit);
    }

    [Fact]
    public async Task Vector_07_a_forward_balance_is_no_balance_of_today()
    {
        var balance = await Revolut(Balance("ForwardAvailable", "Credit", "5.00"));
        Is(balance, null, null, null);
        Assert.Equal(5.00m, Assert.Single(balance.Observations).Amount);
        Assert.Contains("no_usable_balance", balance.Flags);
    }

    [Fact]
    public async Task Vector_08_an_amount_may_come_without_decimals() =>
        Is(await Revolut(Balance("InterimAvailable", "Credit", "970")), "970", ValueOrigin.FallbackFromAvailable, "970");

    [Fact]
    public async Task Vector_09_a_currency_outside_ISO_4217_is_kept_and_flagged()
    {
        using var stage = new RevolutStage();
        var reading = await stage.ReadBodyAsync(BalancesBody(Balance("InterimAvailable", "Credit", "0.12345", "BTC")), "BTC");
        Is(reading.Balance!, "0.12345", ValueOrigin.FallbackFromAvailable, "0.12345");
        Assert.Contains("currency_not_iso", reading.Balance!.Flags);
    }

    [Fact]
    public async Task Vector_10_no_balance_is_an_error()
    {
        using var stage = new RevolutStage();
        Assert.Equal(ProviderFault.Protocol, (await stage.ReadBodyAsync(BalancesBody())).Error!.Fault);
    }

    [Fact]
    public async Task Vector_11_four_decimals_stay_four() =>
        Is(await Token($"{Money("current", "12009.1000", "USD")},{Money("available", "12009.1000", "USD")}", "USD"), "12009.1000", ValueOrigin.Reported, "12009.1000");

    [Fact]
    public async Task Vector_12_only_available() =>
        Is(await Token(Money("available", "50.0000")), "50.0000", ValueOrigin.FallbackFromAvailable, "50.0000");

    [Fact]
    public async Task Vector_13_only_current() => Is(await Token(Money("current", "-20.5000")), "-20.5000", ValueOrigin.Reported, null);

    [Fact]
    public async Task Vector_14_no_status_is_INVALID_REQUEST()
    {
        using var stage = new TokenIoStage();
        var reading = await stage.ReadBodyAsync(Element(A, Money("current", "1.00"), status: null));
        Assert.Equal((ProviderFault.BadRequest, "INVALID_REQUEST"), (reading.Error!.Fault, reading.Error.Code));
    }

    [Fact]
    public async Task Vector_15_one_of_three_succeeds()
    {
        using var stage = new TokenIoStage();
        stage.Bank.On(Bulk, ScriptedProvider.Json(Response(Element(B, "", "MORE_SIGNATURES_NEEDED"), Element(A, Money("current", "250.5000")))));

        var readings = await stage.ReadAsync(A, B, C);

        Is(readings[A].Balance!, "250.5000", ValueOrigin.Reported, null);
        Assert.Equal((ProviderFault.PermissionMissing, "MORE_SIGNATURES_NEEDED"), (readings[B].Error!.Fault, readings[B].Error!.Code));
        Assert.Equal(ProviderFault.Protocol, readings[C].Error!.Fault);
        Assert.Equal(1, stage.Bank.Count(Bulk));
    }

    [Fact]
    public async Task Vector_16_a_figure_in_another_currency_does_not_compete()
    {
        var balance = await Token($"{Money("current", "90.00", "EUR")},{Money("available", "80.00")}");
        Is(balance, "80.00", ValueOrigin.FallbackFromAvailable, "80.00");
        Assert.Equal("GBP", balance.Currency);
        Assert.Equal(["EUR", "GBP"], balance.Observations.Select(figure => figure.Currency));
        Assert.Contains("currency_differs", balance.Flags);
    }

    [Fact]
    public async Task Vector_17_a_thousands_separator_is_an_error()
    {
        using var stage = new TokenIoStage();
        Assert.Equal(ProviderFault.Protocol, (await stage.ReadBodyAsync(Element(A, Money("current", "1,234.56")))).Error!.Fault);
    }

    [Fact]
    public async Task Vector_18_a_type_in_the_spelling_of_v4_means_the_same()
    {
        var balance = await Revolut(Balance("ITAV", "Credit", "970.49"));
        Is(balance, "970.49", ValueOrigin.FallbackFromAvailable, "970.49");
        Assert.Equal((BalanceKind.Available, "ITAV"), (balance.Observations[0].Kind, balance.Observations[0].ProviderType));
    }

    [Fact]
    public async Task Vector_19_eighteen_digits_are_exact() =>
        Is(await Revolut(Balance("InterimBooked", "Credit", "9999999999999.99999")), "9999999999999.99999", ValueOrigin.Reported, null);

    private static void Is(AccountBalance balance, string? current, ValueOrigin? origin, string? available)
    {
        // As text, so that the scale counts.
        Assert.Equal((current, origin, available), (balance.Current?.ToString(), balance.CurrentOrigin, balance.Available?.ToString()));
    }

    private static async Task<AccountBalance> Revolut(params string[] balances)
    {
        using var stage = new RevolutStage();
        var reading = await stage.ReadBodyAsync(BalancesBody(balances));
        return reading.Balance ?? throw reading.Error!;
    }

    private static async Task<AccountBalance> Token(string balance, string currency = "GBP")
    {
        using var stage = new TokenIoStage();
        var reading = await stage.ReadBodyAsync(Element(A, balance), currency);
        return reading.Balance ?? throw reading.Error!;
    }
}
