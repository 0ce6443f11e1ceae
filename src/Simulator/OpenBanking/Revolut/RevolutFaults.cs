namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>What a simulated Revolut does beyond answering; every switch can be turned while it serves.</summary>
public sealed class RevolutFaults
{
    /// <summary>Failures of the next calls. Endpoints: <c>token</c>, <c>consents</c>, <c>accounts</c>, <c>account</c>, <c>balances</c>, <c>transactions</c>.</summary>
    public NextCalls<RevolutFailure> Next { get; } = new();

    /// <summary>How balances look.</summary>
    public Shapes<RevolutBalanceShape> Balances { get; } = new();

    /// <summary>Shows a booked balance (<c>InterimBooked</c>) beside the available one. Revolut does not (spec 1).</summary>
    public bool BookedBalances { get; set; }

    /// <summary>Writes balance types as in OBIE v4: <c>ITAV</c>.</summary>
    public bool FourLetterTypes { get; set; }

    /// <summary>Writes <c>DateTime</c> of balances without a fraction of the second.</summary>
    public bool WholeSeconds { get; set; }

    /// <summary>Which numbers accounts have.</summary>
    public RevolutNumbers Numbers { get; set; }

    /// <summary>Adds a pocket of 0.12345 BTC to every consent (spec 2.4).</summary>
    public bool BitcoinPocket { get; set; }

    /// <summary>Answers <c>/accounts</c> with <c>"Data": {}</c>, as where there is no account (spec 2.4).</summary>
    public bool NoAccounts { get; set; }

    /// <summary>Gives a new refresh token with every refresh, and forgets the old one. Whether Revolut does is unknown (spec 2.2).</summary>
    public bool RotatesRefreshTokens { get; set; }

    /// <summary>How <c>refresh_token_expires_at</c> is written (unknown, spec 2.2).</summary>
    public RevolutExpiryForm RefreshTokenExpiry { get; set; }

    /// <summary>Goes on refreshing tokens of a revoked consent, whose calls are then refused with 401; otherwise the refresh is, with <c>invalid_grant</c>.</summary>
    public bool RefreshesRevoked { get; set; }

    /// <summary>Answers 401 without a body, as OBIE says (spec 2.8).</summary>
    public bool EmptyUnauthorized { get; set; }

    /// <summary>Lets unattended calls through without counting them. They are limited at first (spec 2.9).</summary>
    public bool Unlimited { get; set; }

    /// <summary>The wait of <see cref="RevolutFailure.Slow"/>, between the halves of the body; 30 seconds of real time at first.</summary>
    public Func<CancellationToken, Task> Slowness { get; set; } = cancellation => Task.Delay(TimeSpan.FromSeconds(30), cancellation);
}

/// <summary>How one call fails.</summary>
public enum RevolutFailure
{
    /// <summary>500 with the error envelope.</summary>
    ServerError,

    /// <summary>502 and HTML, from the edge.</summary>
    BadGateway,

    /// <summary>429, <c>Retry-After: 60</c>, no body.</summary>
    Throttled,

    /// <summary>401, as if the access token had expired.</summary>
    Unauthorized,

    /// <summary>403 <c>UK.OBIE.Reauthenticate</c>.</summary>
    Reauthenticate,

    /// <summary>403 <c>{"code":"403","message":"Forbidden"}</c>, as one integrator recorded.</summary>
    LowerCaseForbidden,

    /// <summary>A right answer, its second half after <see cref="RevolutFaults.Slowness"/>.</summary>
    Slow,

    /// <summary>The first half of a right answer.</summary>
    Truncated,

    /// <summary>The connection breaks before the answer. What the call changes is changed.</summary>
    Reset,
}

/// <summary>How the balances of an account look.</summary>
public enum RevolutBalanceShape
{
    /// <summary>As the bank has them.</summary>
    True,

    /// <summary><c>"Data": {}</c>.</summary>
    NoData,

    /// <summary><c>"Balance": []</c>.</summary>
    NoBalance,

    /// <summary>A type that no document names: <c>PocketTotal</c>.</summary>
    UnknownType,

    /// <summary>Only <c>ForwardAvailable</c>, Credit 5.00.</summary>
    OnlyForward,

    /// <summary>Debit 12.30.</summary>
    Debit,

    /// <summary>Credit 0.00.</summary>
    ZeroCredit,

    /// <summary>Debit 0.00.</summary>
    ZeroDebit,

    /// <summary>Credit 0.12345.</summary>
    FiveDecimals,

    /// <summary>Credit 970, allowed from OBIE v3.1.5.</summary>
    WholeNumber,

    /// <summary>Credit 9999999999999.99999.</summary>
    ThirteenDigits,

    /// <summary>500.00 of credit on top of what the bank has, and lines that say so.</summary>
    CreditIncluded,

    /// <summary>What the bank has, and lines of an overdraft of 500.00 that is not in it.</summary>
    CreditNotIncluded,
}

/// <summary>Which numbers accounts have.</summary>
public enum RevolutNumbers
{
    /// <summary>An IBAN for each, or an internal id for savings.</summary>
    Own,

    /// <summary>One IBAN for all, as the pockets of one account may have.</summary>
    OneIban,

    /// <summary>No <c>Account</c> member.</summary>
    Missing,

    /// <summary><c>"Account": []</c>.</summary>
    Empty,
}

/// <summary>Forms of a time whose type no document tells.</summary>
public enum RevolutExpiryForm
{
    /// <summary>An ISO 8601 string.</summary>
    Iso,

    /// <summary>Seconds since 1970, a number.</summary>
    Epoch,

    /// <summary>No member.</summary>
    Absent,
}
