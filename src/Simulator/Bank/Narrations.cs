namespace Redbark.Sync.Simulator.Bank;

/// <summary>A kind of row as Australian banks word it.</summary>
/// <param name="Description">Narration; <c>#</c> becomes a digit.</param>
/// <param name="Merchant">Merchant name, null on transfers (spec 8.2).</param>
/// <param name="Category">CDR code (spec 5.4).</param>
/// <param name="MerchantCategoryCode">MCC, null on transfers.</param>
/// <param name="Class"><c>payment</c> or <c>transfer</c>.</param>
/// <param name="From">Smallest amount, in hundredths of a currency unit.</param>
/// <param name="To">Largest amount, likewise.</param>
internal sealed record Narration(string Description, string? Merchant, string Category, string? MerchantCategoryCode, string Class, int From, int To);

/// <summary>The kinds of rows that the generator draws from. Digits are masked as in live feeds (spec 8.3).</summary>
internal static class Narrations
{
    /// <summary>Money spent.</summary>
    public static readonly Narration[] Spending =
    [
        new("WOOLWORTHS  ####  SYDNEY NS AUS", "Woolworths", "FOOD_AND_DRINK", "5411", "payment", 450, 24000),
        new("COLES ####   NEWTOWN NSW", "Coles", "FOOD_AND_DRINK", "5411", "payment", 380, 21000),
        new("SQ *CAFÉ – BONDI  Bondi Beach", "Café – Bondi", "FOOD_AND_DRINK", "5814", "payment", 420, 3800),
        new("TRANSPORTFORNSW TAP  SYDNEY", "Transport for NSW", "TRANSPORTATION", "4111", "payment", 180, 1720),
        new("BP EXPRESS ####  MARRICKVILLE", "BP", "TRANSPORTATION", "5541", "payment", 3500, 14500),
        new("NETFLIX.COM  Melbourne", "Netflix", "ENTERTAINMENT", "4899", "payment", 799, 2599),
        new("BUNNINGS ######  ALEXANDRIA", "Bunnings Warehouse", "HOME_IMPROVEMENT", "5200", "payment", 990, 48000),
        new("CHEMIST WAREHOUSE  ####", "Chemist Warehouse", "MEDICAL", "5912", "payment", 650, 9800),
        new("JB HI FI  ##  CITY", "JB Hi-Fi", "MERCHANDISE", "5732", "payment", 1900, 189900),
        new("TELSTRA BPAY  Ref#xxxxx####", "Telstra", "SERVICES", "4814", "payment", 5500, 13900),
        new("JUST CUTS  BURWOOD", "Just Cuts", "PERSONAL_CARE", "7230", "payment", 3900, 6900),
        new("QANTAS AIRW ##########", "Qantas", "TRAVEL", "3012", "payment", 9900, 245000),
        new("SERVICE NSW  REGO  ######", "Service NSW", "GOVERNMENT_AND_NON_PROFIT", "9399", "payment", 4500, 88000),
        new("Ext Tfr  - NET#########  to xxxxxx Landlord Property", null, "RENT_AND_UTILITIES", null, "payment", 55000, 95000),
        new("Osko Payment To Savings xxxx1111", null, "TRANSFER_OUT", null, "transfer", 5000, 60000),
        new("INTERNATIONAL TRANSACTION FEE", null, "BANK_FEES", null, "payment", 30, 900),
    ];

    /// <summary>Money received.</summary>
    public static readonly Narration[] Income =
    [
        new("SALARY  ACME PTY LTD  xxxx####", null, "INCOME", null, "payment", 285000, 410000),
        new("TFR FROM SAVINGS", null, "TRANSFER_IN", null, "transfer", 5000, 60000),
        new("Osko Deposit  - Receipt ######  from J SMITH", null, "TRANSFER_IN", null, "transfer", 1500, 32000),
        new("REFUND  JB HI FI", "JB Hi-Fi", "MERCHANDISE", "5732", "payment", 1900, 39900),
    ];

    /// <summary>A card check of amount zero.</summary>
    public static readonly Narration CardCheck = new("CARD VALIDATION  UBER *TRIP", "Uber", "TRANSPORTATION", "4121", "payment", 0, 0);
}
