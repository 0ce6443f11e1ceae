namespace Redbark.Sync.Simulator.Bank;

/// <summary>What a generated bank holds.</summary>
public sealed record BankOptions
{
    /// <summary>The same seed, options and time give the same bank.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Accounts that take transactions, 1 or more.</summary>
    public int Accounts { get; init; } = 3;

    /// <summary>Posted rows, over all accounts.</summary>
    public int Rows { get; init; } = 1200;

    /// <summary>Pending rows of the last two days, on top of <see cref="Rows"/>.</summary>
    public int PendingRows { get; init; } = 6;

    /// <summary>Trades in one brokerage account; 0 leaves it out.</summary>
    public int Trades { get; init; } = 12;

    /// <summary>The days over which rows are spread, ending now.</summary>
    public int Days { get; init; } = 90;

    /// <summary>IANA zone of the Redbark user.</summary>
    public string TimeZone { get; init; } = "Australia/Sydney";

    /// <summary>
    /// How far behind its clock the bank starts. Who advances the bank by no more than this never sends a receiver rows of its future.
    /// </summary>
    public TimeSpan Behind { get; init; }

    /// <summary>What live data has that documents do not tell (spec 8).</summary>
    public BankQuirks Quirks { get; init; } = BankQuirks.Usual;
}

/// <summary>Quirks of live data (spec 8).</summary>
[Flags]
public enum BankQuirks
{
    /// <summary>Data as the documents describe it.</summary>
    None = 0,

    /// <summary>Card checks of amount zero (8.1).</summary>
    ZeroAmounts = 1,

    /// <summary>Merchant names padded with spaces (8.2).</summary>
    PaddedMerchants = 2,

    /// <summary>Rows alike but for their ids (8.4).</summary>
    IdenticalTwins = 4,

    /// <summary>Every second account shares the name of the one before (8.5).</summary>
    SharedNames = 8,

    /// <summary>Holds that say posted (8.6). They make the feed differ from the bank's balance until they settle, so they are not usual here.</summary>
    HoldsAsPosted = 16,

    /// <summary>Rows whose currency is null (8.10); the first rows of an account always have it.</summary>
    NullCurrency = 32,

    /// <summary>Currencies in upper case (8.10).</summary>
    MixedCase = 64,

    /// <summary>Rows in the shape of the first documents (8.14).</summary>
    OldShape = 128,

    /// <summary>Rows with a day but no instant (8.9).</summary>
    DayOnly = 256,

    /// <summary>Category as a label or null, and custom categories (8.15).</summary>
    CategoryForms = 512,

    /// <summary>All that leaves the books provable by adding up rows.</summary>
    Usual = ZeroAmounts | PaddedMerchants | IdenticalTwins | SharedNames | NullCurrency | MixedCase | OldShape | DayOnly | CategoryForms,

    /// <summary>Every one.</summary>
    All = Usual | HoldsAsPosted,
}
