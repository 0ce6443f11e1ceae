namespace Redbark.Sync.Simulator.OpenBanking.TokenIo;

/// <summary>What a simulated Token.io does beyond answering; every switch can be turned while it serves.</summary>
public sealed class TokenIoFaults
{
    /// <summary>Failures of the next calls. Endpoints: <c>accounts</c>, <c>account</c>, <c>balance</c>, <c>account-balance</c>, <c>transactions</c>.</summary>
    public NextCalls<TokenIoFailure> Next { get; } = new();

    /// <summary>How the balances of accounts look.</summary>
    public Shapes<TokenIoBalanceShape> Balances { get; } = new();

    /// <summary>Writes what proto3 JSON may leave out: empty lists, and the status that is the default, <c>INVALID_REQUEST</c> (spec 3.5).</summary>
    public bool WritesDefaults { get; set; }

    /// <summary>Adds <c>otherBalances</c>: <c>Expected</c>, which is the available balance.</summary>
    public bool OtherBalances { get; set; }

    /// <summary>Writes the type of an account as one word, as in the proto, and not as a list.</summary>
    public bool ScalarType { get; set; }

    /// <summary>How <c>updatedAtMs</c> is written.</summary>
    public TokenIoUpdatedAt UpdatedAt { get; set; }

    /// <summary>Decimals of amounts, 0 to 20, rounded half to even (spec 3.5); null for the currency's own.</summary>
    public int? Decimals { get; set; } = 4;

    /// <summary>Which name of the parameter of <c>/account-balance</c> is understood. Ids under another name are not seen.</summary>
    public TokenIoParameter Parameter { get; set; }

    /// <summary>Answers the elements of <c>/account-balance</c> from the last to the first.</summary>
    public bool Reversed { get; set; }

    /// <summary>Answers every element of <c>/account-balance</c> twice.</summary>
    public bool Duplicates { get; set; }

    /// <summary>Says with 429 how long to wait; no document does (spec 3.9).</summary>
    public bool RetryAfter { get; set; }

    /// <summary>Lets unattended calls through without counting them. They are limited at first (spec 3.10).</summary>
    public bool Unlimited { get; set; }

    /// <summary>The wait of <see cref="TokenIoFailure.Slow"/>, between the halves of the body; 30 seconds of real time at first.</summary>
    public Func<CancellationToken, Task> Slowness { get; set; } = cancellation => Task.Delay(TimeSpan.FromSeconds(30), cancellation);
}

/// <summary>How one call fails.</summary>
public enum TokenIoFailure
{
    /// <summary>400.</summary>
    BadRequest,

    /// <summary>401: the key.</summary>
    Unauthorized,

    /// <summary>403: the consent ended at the bank.</summary>
    Forbidden,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>500 of Token.io.</summary>
    ServerError,

    /// <summary>500 of the bank: <c>token-external-error: true</c>.</summary>
    BankError,

    /// <summary>500 with text that is not JSON, as older gateways.</summary>
    PlainText,

    /// <summary>501.</summary>
    Unimplemented,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>504.</summary>
    DeadlineExceeded,

    /// <summary>A right answer, its second half after <see cref="TokenIoFaults.Slowness"/>.</summary>
    Slow,

    /// <summary>The first half of a right answer.</summary>
    Truncated,

    /// <summary>The connection breaks before the answer.</summary>
    Reset,
}

/// <summary>How the balances of an account look.</summary>
public enum TokenIoBalanceShape
{
    /// <summary>As the bank has them.</summary>
    True,

    /// <summary>Status <c>MORE_SIGNATURES_NEEDED</c>, and no amount.</summary>
    MoreSignaturesNeeded,

    /// <summary>Status <c>INVALID_REQUEST</c>, and no balance.</summary>
    InvalidRequest,

    /// <summary>No element among several accounts; an empty object when it is the only one.</summary>
    Missing,

    /// <summary>No <c>available</c>.</summary>
    OnlyCurrent,

    /// <summary>No <c>current</c>.</summary>
    OnlyAvailable,

    /// <summary>Neither, but <c>otherBalances</c>.</summary>
    OnlyOther,

    /// <summary><c>current</c> is in EUR, or in USD where the account is.</summary>
    TwoCurrencies,

    /// <summary>-20.50 and -20.50.</summary>
    Negative,

    /// <summary>1,234.56: no number.</summary>
    Grouped,
}

/// <summary>Forms of <c>updatedAtMs</c>.</summary>
public enum TokenIoUpdatedAt
{
    /// <summary>A string of milliseconds, as proto3 JSON writes an int64.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>No member.</summary>
    Absent,
}

/// <summary>Names of one parameter, over which documents differ (spec 3.6).</summary>
public enum TokenIoParameter
{
    /// <summary>Both are understood.</summary>
    Both,

    /// <summary><c>account_id</c> only.</summary>
    SnakeCase,

    /// <summary><c>accountId</c> only.</summary>
    CamelCase,
}
