using System.Collections.Frozen;

namespace Redbark.Sync.Worker.Balances.Normalisation;

/// <summary>The balance types of UK Open Banking, as v3 and v4 spell them (open-banking-balances 2.7).</summary>
internal static class ObieTypes
{
    private static readonly FrozenDictionary<string, BalanceKind> Kinds = new Dictionary<string, BalanceKind>
    {
        ["ITBD"] = BalanceKind.Booked,
        ["CLBD"] = BalanceKind.Booked,
        ["INTERIMCLEARED"] = BalanceKind.Cleared,
        ["CLOSINGCLEARED"] = BalanceKind.Cleared,
        ["XPCD"] = BalanceKind.Expected,
        ["ITAV"] = BalanceKind.Available,
        ["CLAV"] = BalanceKind.Available,
        ["FWAV"] = BalanceKind.Forward,
        ["OPBD"] = BalanceKind.Opening,
        ["OPAV"] = BalanceKind.Opening,
        ["OPENINGCLEARED"] = BalanceKind.Opening,
        // The close of the previous period: what this one opened with.
        ["PRCD"] = BalanceKind.Opening,
        ["INFO"] = BalanceKind.Information,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, string> Codes = new Dictionary<string, string>
    {
        ["InterimBooked"] = "ITBD",
        ["ClosingBooked"] = "CLBD",
        ["OpeningBooked"] = "OPBD",
        ["PreviouslyClosedBooked"] = "PRCD",
        ["InterimAvailable"] = "ITAV",
        ["ClosingAvailable"] = "CLAV",
        ["OpeningAvailable"] = "OPAV",
        ["ForwardAvailable"] = "FWAV",
        ["Expected"] = "XPCD",
        ["Information"] = "INFO",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>One spelling for both versions: the v4 code, or the v3 name (upper case) where v4 has none; null when the type is in neither.</summary>
    public static string? CodeOf(string type)
    {
        var code = Codes.GetValueOrDefault(type, type).ToUpperInvariant();
        return Kinds.ContainsKey(code) ? code : null;
    }

    /// <summary>What a type says of the money.</summary>
    public static BalanceKind KindOf(string type) => CodeOf(type) is { } code ? Kinds[code] : BalanceKind.Other;
}
