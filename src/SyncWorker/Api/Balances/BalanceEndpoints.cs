using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Schema;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Balances;

/// <summary><c>/balances</c>, <c>/holdings</c> and <c>/connections</c></summary>
internal static class BalanceEndpoints
{
    private const string Kind = "provider_account";
    private const string ProviderText = "redbark, revolut or tokenio.";
    private const string AccountText = "The ledger account that is proved.";
    private const string IdText = "The ledger's id of the provider's account.";

    public static void MapBalances(this RouteGroupBuilder api)
    {
        var balances = api.MapGroup("/balances").WithTags("Balances");
        balances.MapGet("", ListAsync)
            .WithSummary("Lists the last good balance of every account of the providers")
            .WithDescription("Ordered by id. A reading that failed leaves the last good one, marked stale.")
            .ProducesProblem(400);
        balances.MapGet("/{id}", GetAsync)
            .WithSummary("Reads a balance with every figure of its provider")
            .ProducesProblem(400).ProducesProblem(404);
        balances.MapGet("/{id}/history", HistoryAsync)
            .WithSummary("Lists the readings of one account")
            .WithDescription("The newest first. Those that name no current balance are among them.")
            .ProducesProblem(400).ProducesProblem(404);
        api.MapGet("/holdings", HoldingsAsync).WithTags("Balances")
            .WithSummary("Lists what brokerage accounts held when they were last read")
            .ProducesProblem(400);
        api.MapGet("/connections", ConnectionsAsync).WithTags("Balances")
            .WithSummary("Lists the connections of the providers")
            .WithDescription("Ordered by provider and id.")
            .ProducesProblem(400);
    }

    public static async Task<Results<Ok<Page<BalanceResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        BalanceOptions options,
        TimeProvider clock,
        [Description(ProviderText)] string? provider,
        [Description(AccountText)] string? accountId,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        provider = parameters.Literal(nameof(provider), provider);
        var account = parameters.Number(nameof(accountId), accountId);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<ListedAccount> accounts = ledger.ProviderAccounts;
        if (provider is not null)
            accounts = accounts.Where(row => row.Provider == provider);
        if (account is not null)
            accounts = accounts.Where(row => row.AccountId == account);
        if (cursor is not null)
            accounts = accounts.Where(row => row.Id > cursor.Id);
        var rows = await Shown(ledger, accounts.OrderBy(row => row.Id).Take(most + 1)).ToListAsync(cancellation);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(Page.Of(rows, most, shown => shown.ToResponse(options.StaleAfter, now), shown => new IdCursor(shown.Account.Id)));
    }

    private static async Task<Results<Ok<BalanceDetailResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, BalanceOptions options, TimeProvider clock, [Description(IdText)] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;

        var shown = await Shown(ledger, ledger.ProviderAccounts.Where(row => row.Id == number)).SingleOrDefaultAsync(cancellation);
        return shown is null ? ApiProblem.Unknown(Kind, id) : TypedResults.Ok(shown.ToDetail(options.StaleAfter, clock.GetUtcNow()));
    }

    private static async Task<Results<Ok<Page<ReadingResponse>>, ProblemHttpResult>> HistoryAsync(
        LedgerDbContext ledger,
        [Description(IdText)] string id,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<ReadingCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;
        if (!await ledger.ProviderAccounts.AnyAsync(row => row.Id == number, cancellation))
            return ApiProblem.Unknown(Kind, id);

        var readings = ledger.Balances.Where(row => row.ProviderAccountId == number);
        if (cursor is not null)
        {
            var retrievedAt = new DateTimeOffset(cursor.RetrievedAt);
            readings = readings.Where(row => EF.Functions.LessThan(ValueTuple.Create(row.RetrievedAt, row.Id), ValueTuple.Create(retrievedAt, cursor.Reading)));
        }

        var rows = await readings.OrderByDescending(row => row.RetrievedAt).ThenByDescending(row => row.Id).Take(most + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, ToResponse, row => new ReadingCursor(row.RetrievedAt.UtcDateTime, row.Id)));
    }

    private static async Task<Results<Ok<Page<HoldingResponse>>, ProblemHttpResult>> HoldingsAsync(
        LedgerDbContext ledger,
        [Description(ProviderText)] string? provider,
        [Description(AccountText)] string? accountId,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        provider = parameters.Literal(nameof(provider), provider);
        var account = parameters.Number(nameof(accountId), accountId);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<IdCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        var holdings =
            from owner in ledger.ProviderAccounts
            join holding in ledger.Holdings on new { owner.Id, At = owner.LastHoldingsAt } equals new { Id = holding.ProviderAccountId, At = (DateTimeOffset?)holding.RetrievedAt }
            where (provider == null || owner.Provider == provider) && (account == null || owner.AccountId == account)
            select new { Owner = owner, Holding = holding };
        if (cursor is not null)
            holdings = holdings.Where(row => row.Holding.Id > cursor.Id);
        var rows = await holdings.OrderBy(row => row.Holding.Id).Take(most + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, row => ToResponse(row.Owner, row.Holding), row => new IdCursor(row.Holding.Id)));
    }

    private static async Task<Results<Ok<Page<ConnectionResponse>>, ProblemHttpResult>> ConnectionsAsync(
        LedgerDbContext ledger,
        [Description(ProviderText)] string? provider,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        provider = parameters.Literal(nameof(provider), provider);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<ConnectionCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<Connection> connections = ledger.Connections;
        if (provider is not null)
            connections = connections.Where(row => row.Provider == provider);
        if (cursor is not null)
        {
            connections = connections.Where(row => EF.Functions.GreaterThan(
                ValueTuple.Create(row.Provider, row.ConnectionId), ValueTuple.Create(cursor.Provider, cursor.ConnectionId)));
        }

        var rows = await connections.OrderBy(row => row.Provider).ThenBy(row => row.ConnectionId).Take(most + 1)
            .Select(row => new
            {
                Connection = row,
                Accounts = ledger.ProviderAccounts.Count(account => account.Provider == row.Provider && account.ConnectionId == row.ConnectionId && account.GoneAt == null),
            })
            .ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(
            rows, most, row => ToResponse(row.Connection, row.Accounts), row => new ConnectionCursor(row.Connection.Provider, row.Connection.ConnectionId)));
    }

    private static IQueryable<ShownBalance> Shown(LedgerDbContext ledger, IQueryable<ListedAccount> accounts) =>
        from account in accounts
        join connection in ledger.Connections
            on new { account.Provider, account.ConnectionId } equals new { connection.Provider, connection.ConnectionId }
        join reading in ledger.Balances
            on new { At = account.LastBalanceAt, Id = account.LastBalanceId } equals new { At = (DateTimeOffset?)reading.RetrievedAt, Id = (long?)reading.Id } into readings
        from balance in readings.DefaultIfEmpty()
        orderby account.Id
        select new ShownBalance(account, connection, balance);

    private static ReadingResponse ToResponse(ObservedBalance row) => new(
        row.Id,
        row.RetrievedAt.UtcDateTime,
        row.EarliestAt.UtcDateTime,
        row.AsOf?.UtcDateTime,
        row.Currency,
        DecimalText.Of(row.Current),
        row.CurrentOrigin,
        DecimalText.Of(row.Available),
        row.AvailableIncludesCredit,
        DecimalText.Of(row.CreditLimit),
        row.Flags,
        Figure.Read(row.Figures));

    private static HoldingResponse ToResponse(ListedAccount owner, ObservedHolding row) => new(
        row.Id,
        owner.Id,
        owner.AccountId,
        owner.Provider,
        owner.ConnectionId,
        owner.ExternalId,
        row.Symbol,
        row.Name,
        DecimalText.Of(row.Quantity),
        row.Currency,
        DecimalText.Of(row.AveragePrice),
        DecimalText.Of(row.CurrentPrice),
        DecimalText.Of(row.MarketValue),
        row.RetrievedAt.UtcDateTime);

    private static ConnectionResponse ToResponse(Connection row, int accounts) => new(
        row.Provider, row.ConnectionId, row.Institution, row.Status, accounts, row.LastListedAt?.UtcDateTime, row.NeedsAttentionSince?.UtcDateTime,
        row.ConsentEndsAt?.UtcDateTime, row.Error, row.ErrorFault);
}
