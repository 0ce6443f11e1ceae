namespace Redbark.Sync.Simulator.Bank;

/// <summary>The category codes and their labels (spec 5.4).</summary>
internal static class Categories
{
    /// <summary>Every code, in Redbark's order.</summary>
    public static readonly string[] Codes =
    [
        "BANK_FEES", "ENTERTAINMENT", "FOOD_AND_DRINK", "GOVERNMENT_AND_NON_PROFIT", "HOME_IMPROVEMENT", "INCOME", "LOAN_PAYMENTS", "MEDICAL",
        "MERCHANDISE", "PERSONAL_CARE", "RENT_AND_UTILITIES", "SERVICES", "TRANSFER_IN", "TRANSFER_OUT", "TRANSPORTATION", "TRAVEL",
    ];

    /// <summary>The title-case form with <c>&amp;</c>: <c>Food &amp; Drink</c>.</summary>
    public static string LabelOf(string code) =>
        string.Join(' ', code.Split('_').Select(word => word == "AND" ? "&" : word[0] + word[1..].ToLowerInvariant()));
}
