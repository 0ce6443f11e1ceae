using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;

namespace Redbark.Sync.Simulator.Control;

/// <summary>
/// Switches of Revolut; see <see cref="RevolutFaults"/>. <c>{"fail":"ServerError","calls":2,"endpoint":"balances"}</c> lets the next calls fail;
/// <c>{"balances":"Debit","account":"…"}</c> shapes the balances of one account, or of all.
/// </summary>
internal sealed record RevolutFaultOrder(
    RevolutFailure? Fail, string? Endpoint, RevolutBalanceShape? Balances, string? Account, bool? BookedBalances, bool? FourLetterTypes, bool? WholeSeconds,
    RevolutNumbers? Numbers, bool? BitcoinPocket, bool? NoAccounts, bool? RotatesRefreshTokens, RevolutExpiryForm? RefreshTokenExpiry, bool? RefreshesRevoked,
    bool? EmptyUnauthorized, bool? Unlimited, int Calls = 1, bool ExpireAccessTokens = false, bool Clear = false);

/// <summary>What happens to a consent at Revolut.</summary>
internal sealed record RevolutConsentOrder(
    string ConsentId, RevolutConsentAct Act, string? RedirectUri = null, IReadOnlyList<string>? Accounts = null, IReadOnlyList<string>? Permissions = null);

/// <summary>What may happen to a consent at Revolut.</summary>
internal enum RevolutConsentAct
{
    /// <summary>The user agrees; the answer holds the code.</summary>
    Authorise,

    /// <summary>The user takes it back, or refuses it.</summary>
    Revoke,

    /// <summary>Its permissions become others.</summary>
    Permit,
}

/// <summary>Switches of Token.io; see <see cref="TokenIoFaults"/> and <see cref="RevolutFaultOrder"/>.</summary>
internal sealed record TokenIoFaultOrder(
    TokenIoFailure? Fail, string? Endpoint, TokenIoBalanceShape? Balances, string? Account, bool? WritesDefaults, bool? OtherBalances, bool? ScalarType,
    TokenIoUpdatedAt? UpdatedAt, int? Decimals, TokenIoParameter? Parameter, bool? Reversed, bool? Duplicates, bool? RetryAfter, bool? Unlimited, int Calls = 1,
    bool Clear = false);

/// <summary>What happens to a consent at Token.io.</summary>
internal sealed record TokenIoConsentOrder(string TokenId, TokenIoConsentAct Act);

/// <summary>What may happen to a consent at Token.io.</summary>
internal enum TokenIoConsentAct
{
    /// <summary>It ends at the bank.</summary>
    Revoke,

    /// <summary>It works again.</summary>
    Restore,
}

internal sealed record ShownAccount(string Id, Guid AccountId, string Currency);

internal sealed record CountedCalls(string Endpoint, string Account, string Consent, int Calls);

internal sealed record RevolutState(
    string ClientId, IReadOnlyList<ShownAccount> Accounts, IReadOnlyList<RevolutConsent> Consents, IReadOnlyList<CountedCalls> Calls, int FailuresLeft);

internal sealed record TokenIoState(
    string BankId, IReadOnlyList<ShownAccount> Accounts, IReadOnlyList<string> Consents, IReadOnlyList<CountedCalls> Calls, int FailuresLeft);
