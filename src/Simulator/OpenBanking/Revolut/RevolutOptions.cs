using System.Security.Cryptography.X509Certificates;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>What a simulated Revolut shows, and to whom.</summary>
public sealed record RevolutOptions
{
    /// <summary>Every permission about accounts, balances and transactions.</summary>
    public static readonly IReadOnlyList<string> AllPermissions =
    [
        "ReadAccountsBasic", "ReadAccountsDetail", "ReadBalances", "ReadTransactionsBasic", "ReadTransactionsCredits", "ReadTransactionsDebits",
        "ReadTransactionsDetail",
    ];

    /// <summary>The bank's accounts that are Revolut's: each is one account or one currency pocket.</summary>
    public IReadOnlyList<RevolutAccount> Accounts { get; init; } = [];

    /// <summary>The registered client.</summary>
    public string ClientId { get; init; } = "5f0c1f7e-0b6e-4f0e-9d0c-2a7b3d1c9e11";

    /// <summary>SHA-256 of the registered client certificate, in hex; only asked for when <see cref="ServerCertificate"/> is there.</summary>
    public string? ClientThumbprint { get; init; }

    /// <summary>The certificate of <see cref="SimulatedRevolut.StartAsync"/>, with which it asks its callers for theirs; null for plain HTTP.</summary>
    public X509Certificate2? ServerCertificate { get; init; }

    /// <summary>What <c>x-fapi-financial-id</c> must say.</summary>
    public string FinancialId { get; init; } = "001580000103UAvAAM";

    /// <summary>Consents that were given long ago.</summary>
    public IReadOnlyList<RevolutGrant> Grants { get; init; } = [new()];

    /// <summary>Life of a refresh token: 50 years in the UK, 180 days in the EU, 90 days elsewhere (spec 2.2).</summary>
    public TimeSpan RefreshTokenLife { get; init; } = TimeSpan.FromDays(50 * 365.25);

    /// <summary>Calls per account, endpoint and consent in <see cref="BudgetWindow"/> while no user is present (spec 2.9).</summary>
    public int MostUnattended { get; init; } = 4;

    /// <summary>The window of <see cref="MostUnattended"/>.</summary>
    public TimeSpan BudgetWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Transactions a page.</summary>
    public int TransactionsPerPage { get; init; } = 100;
}

/// <summary>One account or currency pocket.</summary>
/// <param name="Account">Which of the bank's accounts that take transactions, from 0.</param>
public sealed record RevolutAccount(int Account)
{
    /// <summary><c>AccountId</c>; derived from the account when null.</summary>
    public string? AccountId { get; init; }

    /// <summary><c>Personal</c> or <c>Business</c>.</summary>
    public string AccountType { get; init; } = "Personal";
}

/// <summary>A consent that the user has given already.</summary>
public sealed record RevolutGrant
{
    /// <summary>The consent.</summary>
    public string ConsentId { get; init; } = "e0bdfd78-2388-4c5e-9a41-acc0b84c9210";

    /// <summary>The first refresh token of it.</summary>
    public string RefreshToken { get; init; } = "simulated-refresh-token";

    /// <summary>What it allows.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = RevolutOptions.AllPermissions;

    /// <summary>The accounts, by <see cref="RevolutAccount.Account"/>; every one when null.</summary>
    public IReadOnlyList<int>? Accounts { get; init; }

    /// <summary>How long before the start it was given. By default the first five minutes, in which more is allowed, are over (spec 2.4).</summary>
    public TimeSpan GivenBefore { get; init; } = TimeSpan.FromDays(30);
}
