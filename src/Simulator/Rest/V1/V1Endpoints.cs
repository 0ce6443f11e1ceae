using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using static Redbark.Sync.Simulator.Rest.RestFormat;

namespace Redbark.Sync.Simulator.Rest.V1;

/// <summary>REST v1 (spec 5): raw ids, decimal strings.</summary>
internal static class V1Endpoints
{
    private const int MostBalances = 100;
    private static readonly TimeSpan TransactionsAge = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BalancesAge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan HoldingsAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CategoriesAge = TimeSpan.FromHours(1);

    public static void Map(IEndpointRouteBuilder routes, RestService service)
    {
        routes.MapGet("/health", () => TypedResults.Json(new V1Health("ok"), V1Json.Default.V1Health));
        Get("/v1/connections", Tier.Cheap, Connections);
        Get("/v1/accounts", Tier.Cheap, Accounts);
        Get("/v1/categories", Tier.Cheap, (_, _) => CategoryList());
        Get("/v1/balances", Tier.Mid, Balances);
        Get("/v1/account-details", Tier.Mid, AccountDetails);
        Get("/v1/transactions", Tier.Heavy, Transactions);
        Get("/v1/holdings", Tier.Heavy, Holdings);
        Get("/v1/trades", Tier.Heavy, Trades);

        void Get(string path, Tier tier, Func<RestService, IQueryCollection, RestAnswer> read) =>
            routes.MapGet(path, (HttpContext context) => service.AnswerAsync(context, tier, Refuse, query => read(service, query)));
    }

    private static RestAnswer Refuse(RestRefusal refusal) =>
        RestAnswer.Ok(new V1Error(new V1ErrorBody(refusal.Message, refusal.Code, null)), V1Json.Default.V1Error) with { Status = refusal.Status };

    private static RestAnswer Connections(RestService service, IQueryCollection query) =>
        RestAnswer.Ok(
            new V1List<V1Connection>(
            [
                .. from connection in service.Bank.Connections
                   where connection.Status != "deleting"
                   orderby connection.CreatedAt descending
                   select new V1Connection(
                       connection.Id, connection.Provider, connection.Category, connection.InstitutionId, connection.InstitutionName,
                       connection.InstitutionLogo, connection.Status, connection.LastRefreshedAt is { } at ? Instant(at) : null,
                       Instant(connection.CreatedAt)),
            ]),
            V1Json.Default.V1ListV1Connection);

    private static RestAnswer Accounts(RestService service, IQueryCollection query)
    {
        var connections = service.Bank.Connections.ToDictionary(connection => connection.Id);
        var accounts = service.Bank.Accounts.OrderBy(account => account.Name, StringComparer.Ordinal).ThenBy(account => account.Id).ToArray();
        return RestAnswer.Ok(Page(accounts, Account, query, 50, 200), V1Json.Default.V1PageV1Account);

        V1Account Account(BankAccount account)
        {
            var connection = connections[account.ConnectionId];
            return new V1Account(
                account.Id, account.ConnectionId, connection.Provider, account.Name, account.Type, connection.InstitutionName,
                account.AccountNumber, account.Currency);
        }
    }

    private static RestAnswer CategoryList() => RestAnswer.Ok(
        new V1Categories([.. Categories.Codes.Select(code => new V1Category(code, Categories.LabelOf(code)))]),
        V1Json.Default.V1Categories,
        CategoriesAge);

    private static RestAnswer Balances(RestService service, IQueryCollection query)
    {
        var accounts = BankingAccounts(service, query, "Balances are");
        var rows = service.Bank.Balances().Where(balance => accounts.Contains(balance.Account)).Select(balance => service.Faults.IsNull(balance.Account)
            ? new V1Balance(balance.Account.Id, null, null, null)
            : new V1Balance(
                balance.Account.Id,
                Decimal(balance.CurrentMoney.Amount),
                Decimal(balance.AvailableMoney.Amount),
                balance.Account.Type == "credit-card" ? balance.Account.Currency.ToLowerInvariant() : balance.Account.Currency));
        return RestAnswer.Ok(new V1List<V1Balance>([.. rows]), V1Json.Default.V1ListV1Balance, accounts.Any(service.Faults.IsNull) ? null : BalancesAge);
    }

    // Rates, fees and loan details, as v2 has them; the very fields are not documented anywhere that was read (spec 5.4).
    private static RestAnswer AccountDetails(RestService service, IQueryCollection query) => RestAnswer.Ok(
        new V1List<V1AccountDetails>(
        [
            .. from account in BankingAccounts(service, query, "Details are")
               let isLoan = account.Type == "loan"
               select new V1AccountDetails(
                   account.Id,
                   [new V1Rate(isLoan || account.Type == "credit-card" ? "lending" : "deposit", isLoan ? "0.0624" : "0.0010")],
                   [new V1Fee("Monthly fee", "periodic", Amount(500, account.Currency), account.Currency)],
                   isLoan ? new V1LoanDetails(Amount(250_000, account.Currency), Date(service.Bank.Today.AddDays(14))) : null),
        ]),
        V1Json.Default.V1ListV1AccountDetails);

    // Spec 5.4: one bad id fails the whole call.
    private static BankAccount[] BankingAccounts(RestService service, IQueryCollection query, string what)
    {
        var ids = RestQuery.Required(query, "accountIds").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToArray();
        if (ids.Length > MostBalances)
            throw RestRefusal.BadRequest($"At most {MostBalances} accountIds", "accountIds");
        var accounts = ids.Select(id => FindAccount(service.Bank, id)).ToArray();
        return accounts.Any(account => account.IsBrokerage) ? throw RestRefusal.BadRequest($"{what} not available for brokerage accounts", "accountIds") : accounts;
    }

    private static RestAnswer Transactions(RestService service, IQueryCollection query)
    {
        var connection = FindConnection(service.Bank, query, brokerage: false);
        if (query["accountId"].ToString() is not { Length: > 0 } id)
            throw new RestRefusal(StatusCodes.Status410Gone, "Listing transactions without accountId is gone: send accountId", "gone");

        var account = FindAccount(service.Bank, id);
        if (account.ConnectionId != connection.Id)
            throw RestRefusal.NotFound("Account");

        var includePending = query["includePending"] == "true" && !service.Faults.IgnoresIncludePending;
        var rows = RestQuery.Rows(service, account.Id, query, includePending);
        var reached = rows.Count <= service.RowCeiling ? rows : [.. rows.Take(service.RowCeiling)];
        var page = Page(reached, row => Transaction(service.Bank, account, row), query, 200, 500);
        return RestAnswer.Ok(page, V1Json.Default.V1PageV1Transaction, TransactionsAge) with { Truncated = reached.Count < rows.Count };
    }

    private static V1Transaction Transaction(SimulatedBank bank, BankAccount account, BankTransaction row)
    {
        var dayOnly = row.Shape.HasFlag(RowShape.DayOnly);
        return new V1Transaction(
            row.Id, account.Id, account.Name, row.Status == TransactionStatus.Posted ? "posted" : "pending",
            Date(bank.DateOf(row.OccurredAt)),
            dayOnly ? null : LongInstant(row.OccurredAt),
            row.PostedAt is { } on ? Date(bank.DateOf(on)) : null,
            row.PostedAt is { } at && !dayOnly ? LongInstant(at) : null,
            null, null, row.Description, Amount(row.MinorUnits, account.Currency), row.Direction, row.Category, row.CustomCategory, null,
            row.MerchantName, row.MerchantCategoryCode);
    }

    private static RestAnswer Holdings(RestService service, IQueryCollection query)
    {
        var rows = BrokerageAccounts(service, query).SelectMany(account => service.Bank.Holdings(account.Id).Select(holding => new V1Holding(
            $"{account.PublicId["acct_".Length..]}{holding.Symbol}", account.Id, account.Name, holding.Symbol, holding.Name, "NYSEARCA", holding.Currency,
            Decimal(holding.Quantity), Decimal(holding.AveragePrice), Decimal(holding.CurrentPrice), Decimal(holding.Quantity * holding.CurrentPrice),
            Decimal(holding.Quantity * (holding.CurrentPrice - holding.AveragePrice)))));
        return RestAnswer.Ok(new V1List<V1Holding>([.. rows]), V1Json.Default.V1ListV1Holding, HoldingsAge);
    }

    private static RestAnswer Trades(RestService service, IQueryCollection query)
    {
        var accounts = BrokerageAccounts(service, query).ToDictionary(account => account.Id);
        var rows = RestQuery.Trades(service.Bank, accounts.Keys, query).ToArray();
        return RestAnswer.Ok(Page(rows, Trade, query, 200, 500), V1Json.Default.V1PageV1Trade);

        V1Trade Trade(BankTrade trade) => new(
            trade.Id, trade.AccountId, accounts[trade.AccountId].Name, trade.Symbol, trade.Name, trade.Type, Decimal(trade.Quantity),
            Decimal(trade.Price), trade.Currency, Decimal(trade.TotalAmount), Decimal(trade.Fees), Date(trade.TradeDate), Date(trade.SettlementDate), null);
    }

    private static List<BankAccount> BrokerageAccounts(RestService service, IQueryCollection query)
    {
        if (service.Faults.ProfessionalRequired)
            throw new RestRefusal(StatusCodes.Status403Forbidden, "Brokerage data requires a Professional plan", "professional_required");

        var connection = FindConnection(service.Bank, query, brokerage: true);
        var named = query["accountIds"].ToString() is { Length: > 0 } many ? many : query["accountId"].ToString();
        var accounts = service.Bank.Accounts.Where(account => account.ConnectionId == connection.Id).ToList();
        return named.Length == 0
            ? accounts
            : [.. named.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct().Select(id => accounts.Find(account => account.Id.ToString() == id) ?? throw RestRefusal.NotFound("Account"))];
    }

    private static BankConnection FindConnection(SimulatedBank bank, IQueryCollection query, bool brokerage)
    {
        var id = RestQuery.Required(query, "connectionId");
        var connection = bank.Connections.FirstOrDefault(connection => connection.Id.ToString() == id) ?? throw RestRefusal.NotFound("Connection");
        return connection.IsBrokerage == brokerage
            ? connection
            : throw RestRefusal.BadRequest($"Connection is {connection.Category}, not {(brokerage ? "brokerage" : "banking")}", "connectionId");
    }

    private static BankAccount FindAccount(SimulatedBank bank, string id) =>
        bank.Accounts.FirstOrDefault(account => account.Id.ToString() == id) ?? throw RestRefusal.NotFound("Account");

    private static V1Page<T> Page<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> write, IQueryCollection query, int fallback, int most)
    {
        var limit = RestQuery.Limit(query, fallback, most);
        var offset = RestQuery.Offset(query);
        return new V1Page<T>([.. rows.Skip(offset).Take(limit).Select(write)], new V1Pagination(rows.Count, limit, offset, (long)offset + limit < rows.Count));
    }
}
