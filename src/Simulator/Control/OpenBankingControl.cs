using Redbark.Sync.Simulator.OpenBanking;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;

namespace Redbark.Sync.Simulator.Control;

/// <summary>The handles of Revolut and Token.io.</summary>
internal static class OpenBankingControl
{
    private const int MostCalls = 1000;

    /// <exception cref="InvalidOperationException">It shows no account.</exception>
    public static SimulatedRevolut Revolut(SimulatedRedbark redbark) =>
        redbark.Revolut ?? throw new InvalidOperationException("Revolut shows no account: name some with the option Revolut.");

    /// <exception cref="InvalidOperationException">It shows no account.</exception>
    public static SimulatedTokenIo TokenIo(SimulatedRedbark redbark) =>
        redbark.TokenIo ?? throw new InvalidOperationException("Token.io shows no account: name some with the option TokenIo.");

    public static IReadOnlyList<string> Switch(SimulatedRevolut revolut, RevolutFaultOrder order)
    {
        var faults = revolut.Faults;
        Turn(faults.Next, order.Fail, order.Calls, order.Endpoint, faults.Balances, order.Balances, order.Account, order.Clear);
        faults.BookedBalances = order.BookedBalances ?? faults.BookedBalances;
        faults.FourLetterTypes = order.FourLetterTypes ?? faults.FourLetterTypes;
        faults.WholeSeconds = order.WholeSeconds ?? faults.WholeSeconds;
        faults.Numbers = order.Numbers ?? faults.Numbers;
        faults.BitcoinPocket = order.BitcoinPocket ?? faults.BitcoinPocket;
        faults.NoAccounts = order.NoAccounts ?? faults.NoAccounts;
        faults.RotatesRefreshTokens = order.RotatesRefreshTokens ?? faults.RotatesRefreshTokens;
        faults.RefreshTokenExpiry = order.RefreshTokenExpiry ?? faults.RefreshTokenExpiry;
        faults.RefreshesRevoked = order.RefreshesRevoked ?? faults.RefreshesRevoked;
        faults.EmptyUnauthorized = order.EmptyUnauthorized ?? faults.EmptyUnauthorized;
        faults.Unlimited = order.Unlimited ?? faults.Unlimited;
        if (order.ExpireAccessTokens)
            revolut.ExpireAccessTokens();
        return [];
    }

    public static IReadOnlyList<string> Change(SimulatedRevolut revolut, RevolutConsentOrder order)
    {
        switch (order.Act)
        {
            case RevolutConsentAct.Authorise:
                return [order.RedirectUri is { } to ? revolut.Authorise(order.ConsentId, to, order.Accounts) : revolut.Authorise(order.ConsentId, accountIds: order.Accounts)];
            case RevolutConsentAct.Permit:
                revolut.Permit(order.ConsentId, order.Permissions ?? []);
                return [];
            default:
                revolut.Revoke(order.ConsentId);
                return [];
        }
    }

    public static IReadOnlyList<string> Switch(SimulatedTokenIo tokenIo, TokenIoFaultOrder order)
    {
        var faults = tokenIo.Faults;
        if (order.Decimals is < 0 or > 20)
            throw new ArgumentException($"decimals: found {order.Decimals}, expected 0 to 20.", nameof(order));

        Turn(faults.Next, order.Fail, order.Calls, order.Endpoint, faults.Balances, order.Balances, order.Account, order.Clear);
        faults.WritesDefaults = order.WritesDefaults ?? faults.WritesDefaults;
        faults.OtherBalances = order.OtherBalances ?? faults.OtherBalances;
        faults.ScalarType = order.ScalarType ?? faults.ScalarType;
        faults.UpdatedAt = order.UpdatedAt ?? faults.UpdatedAt;
        faults.Decimals = order.Decimals ?? faults.Decimals;
        faults.Parameter = order.Parameter ?? faults.Parameter;
        faults.Reversed = order.Reversed ?? faults.Reversed;
        faults.Duplicates = order.Duplicates ?? faults.Duplicates;
        faults.RetryAfter = order.RetryAfter ?? faults.RetryAfter;
        faults.Unlimited = order.Unlimited ?? faults.Unlimited;
        return [];
    }

    public static IReadOnlyList<string> Change(SimulatedTokenIo tokenIo, TokenIoConsentOrder order)
    {
        if (order.Act == TokenIoConsentAct.Restore)
            tokenIo.Restore(order.TokenId);
        else
            tokenIo.Revoke(order.TokenId);
        return [];
    }

    public static RevolutState? State(SimulatedRevolut? revolut) => revolut is null ? null : new RevolutState(
        revolut.Options.ClientId, Shown(revolut.Accounts), revolut.Consents, Counted(revolut.Calls), revolut.Faults.Next.Left);

    public static TokenIoState? State(SimulatedTokenIo? tokenIo) => tokenIo is null ? null : new TokenIoState(
        tokenIo.Options.BankId, Shown(tokenIo.Accounts), tokenIo.Consents, Counted(tokenIo.Calls), tokenIo.Faults.Next.Left);

    private static void Turn<TFailure, TShape>(
        NextCalls<TFailure> next, TFailure? failure, int calls, string? endpoint, Shapes<TShape> shapes, TShape? shape, string? account, bool clear)
        where TFailure : struct, Enum
        where TShape : struct, Enum
    {
        if (calls is < 0 or > MostCalls)
            throw new ArgumentException($"calls: found {calls}, expected 0 to {MostCalls}.", nameof(calls));

        if (clear)
        {
            next.Clear();
            shapes.Clear();
        }

        if (failure is { } kind)
            next.Add(kind, calls, endpoint);
        if (shape is { } all && account is null)
            shapes.All = all;
        else if (shape is { } own)
            shapes[account!] = own;
    }

    private static ShownAccount[] Shown(IReadOnlyList<ExposedAccount> accounts) =>
        [.. accounts.Select(account => new ShownAccount(account.Id, account.Account.Id, account.Account.Currency))];

    private static CountedCalls[] Counted(CallCounts calls) =>
        [.. calls.All.Select(count => new CountedCalls(count.Key.Endpoint, count.Key.Account, count.Key.Consent, count.Value))
            .OrderBy(count => count.Endpoint, StringComparer.Ordinal).ThenBy(count => count.Account, StringComparer.Ordinal).ThenBy(count => count.Consent, StringComparer.Ordinal)];
}
