using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Accounts;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Api.Trades;

/// <summary><c>/trades</c> and <c>/positions</c></summary>
internal static class TradeEndpoints
{
    private const string Kind = "trade";

    public static void MapTrades(this RouteGroupBuilder api)
    {
        var trades = api.MapGroup("/trades").WithTags("Trades");
        trades.MapGet("", ListAsync)
            .WithSummary("Lists the trades")
            .WithDescription("The newest day first, and the highest id first within a day.")
            .ProducesProblem(400);
        trades.MapGet("/{id}", GetAsync)
            .WithSummary("Reads a trade")
            .ProducesProblem(400).ProducesProblem(404);
        trades.MapGet("/{id}/revisions", ListRevisionsAsync)
            .WithSummary("Lists the versions of a trade")
            .WithDescription("The newest first; each names the delivery that it came from.")
            .ProducesProblem(400).ProducesProblem(404);

        api.MapGet("/positions", ListPositionsAsync).WithTags("Trades")
            .WithSummary("Lists the positions")
            .WithDescription("Derived from the trades, beside what the broker holds; ordered by account and symbol.")
            .ProducesProblem(400);
    }

    public static async Task<Results<Ok<Page<TradeResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("The ledger's id of an account.")] string? accountId,
        [Description("The exact symbol.")] string? symbol,
        [Description("buy, sell or another word of the provider's.")] string? type,
        [Description("The first day of trade.")] string? from,
        [Description("The last day of trade.")] string? to,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var account = parameters.Number(nameof(accountId), accountId);
        symbol = parameters.Literal(nameof(symbol), symbol);
        type = parameters.Literal(nameof(type), type);
        var first = parameters.Day(nameof(from), from);
        var last = parameters.Day(nameof(to), to);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<DayCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<Trade> trades = ledger.Trades;
        if (account is not null)
            trades = trades.Where(trade => trade.AccountId == account);
        if (symbol is not null)
            trades = trades.Where(trade => trade.Symbol == symbol);
        if (type is not null)
            trades = trades.Where(trade => trade.Type == type);
        if (first is not null)
            trades = trades.Where(trade => trade.TradedOn >= first);
        if (last is not null)
            trades = trades.Where(trade => trade.TradedOn <= last);
        if (cursor is not null)
        {
            trades = trades.Where(trade => EF.Functions.LessThan(
                ValueTuple.Create(trade.TradedOn, trade.Id), ValueTuple.Create(cursor.Day, cursor.Id)));
        }

        var rows = await trades.OrderByDescending(trade => trade.TradedOn).ThenByDescending(trade => trade.Id).Take(most + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, TradeResponse.Of, row => new DayCursor(row.TradedOn, row.Id)));
    }

    public static async Task<Results<Ok<TradeResponse>, ProblemHttpResult>> GetAsync(
        LedgerDbContext ledger, [Description("The ledger's id of the trade.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;

        var trade = await ledger.Trades.SingleOrDefaultAsync(row => row.Id == number, cancellation);
        return trade is null ? ApiProblem.Unknown(Kind, id) : TypedResults.Ok(TradeResponse.Of(trade));
    }

    public static async Task<Results<Ok<Page<TradeRevision>>, ProblemHttpResult>> ListRevisionsAsync(
        LedgerDbContext ledger,
        [Description("The ledger's id of the trade.")] string id,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<RevisionCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        var versions = ledger.TradeVersions.Where(version => version.TradeId == number);
        if (cursor is not null)
            versions = versions.Where(version => version.Revision < cursor.Revision);
        var rows = await versions.OrderByDescending(version => version.Revision).Take(most + 1).ToListAsync(cancellation);
        return rows.Count == 0 && cursor is null
            ? ApiProblem.Unknown(Kind, id)
            : TypedResults.Ok(Page.Of(rows, most, TradeRevision.Of, row => new RevisionCursor(row.Revision)));
    }

    public static async Task<Results<Ok<Page<PositionResponse>>, ProblemHttpResult>> ListPositionsAsync(
        LedgerDbContext ledger,
        [Description("The ledger's id of an account.")] string? accountId,
        [Description("The exact symbol.")] string? symbol,
        [Description("proved, settling, drift or unknown, against the broker.")] string? status,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var account = parameters.Number(nameof(accountId), accountId);
        symbol = parameters.Literal(nameof(symbol), symbol);
        status = parameters.OneOf(nameof(status), status, AccountReader.Statuses);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<PositionCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<Position> positions = ledger.Positions;
        if (account is not null)
            positions = positions.Where(position => position.AccountId == account);
        if (symbol is not null)
            positions = positions.Where(position => position.Symbol == symbol);
        if (status is not null)
            positions = positions.Where(position => position.Status == status);
        if (cursor is not null)
        {
            positions = positions.Where(position => EF.Functions.GreaterThan(
                ValueTuple.Create(position.AccountId, position.Symbol), ValueTuple.Create(cursor.AccountId, cursor.Symbol)));
        }

        // As text, because a sum may be longer than decimal.
        var rows = await positions
            .OrderBy(position => position.AccountId).ThenBy(position => position.Symbol)
            .Take(most + 1)
            .Select(position => new PositionResponse(
                position.AccountId, position.Symbol, position.Name, position.Quantity.ToString(), position.Currency,
                position.Trades, position.Ignored, position.LastTradedOn, position.Status, position.Cause,
                position.Expected == null ? null : position.Expected.Value.ToString(), position.Actual == null ? null : position.Actual.Value.ToString(),
                position.Drift == null ? null : position.Drift.Value.ToString(), position.Since, position.ObservedAt == null ? null : position.ObservedAt.Value.UtcDateTime))
            .ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, row => row, row => new PositionCursor(row.AccountId, row.Symbol)));
    }
}
