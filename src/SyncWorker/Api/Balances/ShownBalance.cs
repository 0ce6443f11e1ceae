using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Schema;
using Redbark.Sync.Worker.Balances.Store;

namespace Redbark.Sync.Worker.Api.Balances;

/// <summary>An account of a provider, its connection, and its last good balance; says whether that is still to be relied on.</summary>
internal sealed record ShownBalance(ListedAccount Account, Connection Connection, ObservedBalance? Balance)
{
    public BalanceResponse ToResponse(TimeSpan staleAfter, DateTimeOffset now)
    {
        var doubt = Doubt(staleAfter, now);
        return new BalanceResponse(
            Account.Id,
            Account.Provider,
            Account.ConnectionId,
            Account.ExternalId,
            Connection.Institution,
            Account.Name,
            Account.Type,
            Account.Source,
            Account.IsBrokerage,
            Account.AccountId,
            Account.LinkedTo,
            LinkProblem(),
            Balance?.Currency ?? Account.Currency,
            DecimalText.Of(Balance?.Current),
            Balance?.CurrentOrigin,
            DecimalText.Of(Balance?.Available),
            Balance?.AvailableIncludesCredit,
            DecimalText.Of(Balance?.CreditLimit),
            (Balance?.RetrievedAt ?? Account.LastHoldingsAt)?.UtcDateTime,
            Balance?.EarliestAt.UtcDateTime,
            Balance?.AsOf?.UtcDateTime,
            Balance?.Flags ?? [],
            doubt is not null,
            doubt?.Since.UtcDateTime,
            doubt?.Why,
            doubt?.Fault,
            Account.LastAttemptAt?.UtcDateTime,
            Account.NotBefore?.UtcDateTime,
            Account.GoneAt?.UtcDateTime);
    }

    public BalanceDetailResponse ToDetail(TimeSpan staleAfter, DateTimeOffset now) =>
        new(ToResponse(staleAfter, now), Balance is null ? [] : Figure.Read(Balance.Figures));

    private (DateTimeOffset Since, string Why, string Fault)? Doubt(TimeSpan staleAfter, DateTimeOffset now)
    {
        var readAt = Balance?.RetrievedAt ?? Account.LastHoldingsAt;
        if (Account.GoneAt is { } gone)
            return (gone, "its connection lists the account no more", "account_gone");
        if (Connection.Status == Connection.Gone)
            return (readAt ?? Account.LastListedAt, "the provider lists its connection no more", "connection_gone");
        if (Connection.NeedsAttentionSince is { } attention)
            return (attention, Connection.Error ?? $"the status of its connection is '{Connection.Status}'", Connection.ErrorFault ?? "connection_status");
        if (Account.FailingSince is { } failing)
            return (failing, Account.LastError!, Account.LastErrorFault!);
        if (readAt is { } read && now - read > staleAfter)
            return (read + staleAfter, "it has not been read since", "too_old");
        return null;
    }

    private string? LinkProblem() => this switch
    {
        { Account.AccountId: not null } => null,
        { Account.LinkedTo: { } wanted } => $"the ledger has no account {wanted} (yet)",
        _ when BalanceOptions.LinkKey(Account.Provider, Account.ConnectionId, Account.ExternalId) is { } key => $"not linked: {key} may name a ledger account",
        _ => "no delivery has named the account yet",
    };
}
