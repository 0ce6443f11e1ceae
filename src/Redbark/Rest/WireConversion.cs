using System.Globalization;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Rest;

/// <summary>
/// Writes rows of REST as rows of a webhook. What v1 does not tell (<c>class</c>, <c>reference</c>, <c>extended_description</c>) stays null.
/// </summary>
public static class WireConversion
{
    /// <summary>Converts a transaction.</summary>
    /// <param name="row">The row.</param>
    /// <param name="accountCurrency">ISO 4217, upper case; counts where the row has no currency of its own, which in v1 is always.</param>
    /// <param name="accountPublicId">The account's other name, when it is known.</param>
    /// <returns>The row, in minor units, exactly.</returns>
    /// <exception cref="FormatException">The amount is no whole number of minor units within 64 bits, or the currency is not known.</exception>
    public static WireTransaction ToWire(this RestTransaction row, string? accountCurrency, string? accountPublicId = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        var currency = row.Currency ?? accountCurrency ?? throw new FormatException("neither the row nor its account has a currency");
        return new WireTransaction
        {
            Id = row.Id,
            Amount = MinorUnits(row.Amount, currency),
            Currency = currency.ToLowerInvariant(),
            Status = row.Status is TransactionStatus.Posted ? "posted" : "pending",
            Description = row.Description,
            Direction = row.Direction,
            Class = null,
            AccountId = row.AccountId,
            AccountPublicId = accountPublicId,
            AccountName = row.AccountName,
            LocalDate = Date(row.Date),
            TransactionDate = Instant(row.Datetime),
            PostDate = Instant(row.PostDatetime) ?? Date(row.PostDate),
            MerchantName = row.MerchantName,
            Category = row.Category,
            CustomCategory = row.CustomCategory,
            MerchantCategoryCode = row.MerchantCategoryCode,
        };
    }

    /// <summary>Converts a trade.</summary>
    /// <param name="row">The row.</param>
    /// <param name="accountPublicId">The account's other name, when it is known.</param>
    public static WireTrade ToWire(this RestTrade row, string? accountPublicId = null)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new WireTrade
        {
            Id = row.Id,
            AccountId = row.AccountId,
            AccountPublicId = accountPublicId,
            AccountName = row.AccountName,
            Symbol = row.Symbol,
            Name = row.Name,
            Type = row.Type,
            Quantity = Figure(row.Quantity),
            Price = Figure(row.Price),
            Currency = row.Currency?.ToLowerInvariant(),
            TotalAmount = Figure(row.TotalAmount),
            Fees = Figure(row.Fees),
            TradeDate = Date(row.TradeDate),
            SettlementDate = Date(row.SettlementDate),
            Description = row.Description,
        };
    }

    private static long MinorUnits(decimal amount, string currency)
    {
        if (!Currencies.TryGetExponent(currency, out var exponent))
            throw new FormatException($"{currency} is not an ISO 4217 currency with a minor unit");
        try
        {
            var units = amount;
            for (var i = 0; i < exponent; i++)
                units *= 10;
            if (units == decimal.Truncate(units))
                return decimal.ToInt64(units);
        }
        catch (OverflowException error)
        {
            throw new FormatException($"the amount does not fit 64 bits of minor units of {currency}", error);
        }

        throw new FormatException($"the amount is no whole number of minor units of {currency}, which has {exponent} decimals");
    }

    private static string? Date(DateOnly? date) => date is { } day ? WireTime.Date(day) : null;

    private static string? Instant(DateTimeOffset? instant) => instant is { } at ? WireTime.Instant(at) : null;

    private static string? Figure(decimal? figure) => figure?.ToString(CultureInfo.InvariantCulture);
}
