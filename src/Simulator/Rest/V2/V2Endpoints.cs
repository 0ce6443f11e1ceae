using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using static Redbark.Sync.Simulator.Rest.RestFormat;

namespace Redbark.Sync.Simulator.Rest.V2;

/// <summary>The reads of REST v2 (spec 6): tagged ids, integer minor units.</summary>
internal static class V2Endpoints
{
    private const string Version = "2026-10-01.wattle";
    private const int MostRows = 100;
    private const int MostBalances = 100;
    private const int MostDays = 2500;
    private const bool Live = false;

    public static void Map(IEndpointRouteBuilder routes, RestService service)
    {
        Get("/v2/me", Tier.Cheap, (_, _) => Me(service));
        Get("/v2/connections", Tier.Cheap, (context, query) => Connections(service, context, query));
        Get("/v2/accounts", Tier.Cheap, (context, query) => Accounts(service, context, query));
        Get("/v2/accounts/{id}/balance", Tier.Mid, (context, _) => RestAnswer.Ok(
            Balance(service, FindAccount(service.Bank, (string)context.Request.RouteValues["id"]!)), V2Json.Default.V2Balance));
        Get("/v2/balances", Tier.Mid, (_, query) => Balances(service, query));
        Get("/v2/transactions", Tier.Heavy, (context, query) => Transactions(service, context, query));
        Get("/v2/categories", Tier.Cheap, (context, query) => Page(
            context, query, Categories.Codes.Select(code => new V2Category(CategoryId(code), "category", Categories.LabelOf(code))), V2Json.Default.V2ListV2Category));

        void Get(string path, Tier tier, Func<HttpContext, IQueryCollection, RestAnswer> read) =>
            routes.MapGet(path, (HttpContext context) =>
            {
                var requestId = $"req_{Guid.NewGuid():N}";
                context.Response.Headers["Request-Id"] = requestId;
                return service.AnswerAsync(context, tier, refusal => Refuse(refusal, requestId), query =>
                    context.Request.Headers["Redbark-Version"] == Version
                        ? read(context, query)
                        : throw new RestRefusal(StatusCodes.Status400BadRequest, $"Send Redbark-Version: {Version}", "version_required"));
            });
    }

    private static RestAnswer Refuse(RestRefusal refusal, string requestId)
    {
        var type = refusal.Status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        };
        var code = refusal.Code == "invalid_request" ? "parameter_invalid" : refusal.Code;
        var error = new V2Error(new V2ErrorBody(type, code, refusal.Message, refusal.Parameter, null, requestId));
        return RestAnswer.Ok(error, V2Json.Default.V2Error) with { Status = refusal.Status };
    }

    private static RestAnswer Me(RestService service) => RestAnswer.Ok(
        new V2Me("usr_simulated", service.Bank.TimeZone.Id, new V2Key("key_simulated", "Simulator", ["data:read", "connections:read", "categories:read"], false)),
        V2Json.Default.V2Me);

    private static RestAnswer Connections(RestService service, HttpContext context, IQueryCollection query)
    {
        var accounts = service.Bank.Accounts;
        var rows = service.Bank.Connections.OrderByDescending(connection => connection.CreatedAt).Select(connection =>
        {
            var status = connection.Status == "pending_mfa" ? "pending" : connection.Status;
            var created = Instant(connection.CreatedAt);
            var refreshed = connection.LastRefreshedAt is { } at ? Instant(at) : null;
            return new V2Connection(
                connection.PublicId, "connection", connection.Provider, connection.Category, Institution(connection), status,
                connection.IsBrokerage ? null : new V2Consent("cons_" + connection.PublicId["conn_".Length..], status, Instant(connection.CreatedAt.AddYears(1))),
                null, accounts.Count(account => account.ConnectionId == connection.Id), refreshed, created, null, Live, created, refreshed ?? created);
        });
        return Page(context, query, rows, V2Json.Default.V2ListV2Connection);
    }

    private static RestAnswer Accounts(RestService service, HttpContext context, IQueryCollection query)
    {
        var connections = service.Bank.Connections.ToDictionary(connection => connection.Id);
        var wanted = query["connection"].ToString();
        var rows = from account in service.Bank.Accounts
                   let connection = connections[account.ConnectionId]
                   where wanted.Length == 0 || connection.PublicId == wanted
                   let created = Instant(connection.CreatedAt)
                   let updated = connection.LastRefreshedAt is { } at ? Instant(at) : null
                   select new V2Account(
                       account.PublicId, "account_item", connection.PublicId, connection.Provider, connection.Category, account.Name, account.Type,
                       Institution(connection), account.AccountNumber, account.Currency.ToLowerInvariant(), "available", updated, Live, created,
                       updated ?? created);
        return Page(context, query, rows, V2Json.Default.V2ListV2Account);
    }

    private static RestAnswer Balances(RestService service, IQueryCollection query)
    {
        var ids = query["account"].OfType<string>().Distinct().ToArray();
        if (ids.Length is 0 or > MostBalances)
            throw RestRefusal.BadRequest($"account must be named 1 to {MostBalances} times", "account");

        var rows = ids.Select(id => Balance(service, FindAccount(service.Bank, id)));
        return RestAnswer.Ok(new V2List<V2Balance>("list", [.. rows], null, null), V2Json.Default.V2ListV2Balance);
    }

    private static V2Balance Balance(RestService service, BankAccount account)
    {
        if (account.IsBrokerage)
            throw RestRefusal.BadRequest("A brokerage account has no balance", "account");
        if (service.Faults.IsNull(account))
            return new V2Balance("balance", account.PublicId, null, null, null, null, "unavailable", Live);

        var balance = service.Bank.Balances().Single(balance => balance.Account == account);
        var currency = account.Currency.ToLowerInvariant();
        return new V2Balance(
            "balance", account.PublicId, new V2Money(balance.Current, currency), new V2Money(balance.Available, currency), currency,
            Instant(service.Bank.Clock.GetUtcNow()), "fresh", Live);
    }

    private static RestAnswer Transactions(RestService service, HttpContext context, IQueryCollection query)
    {
        if (query.ContainsKey("connectionId"))
            throw RestRefusal.BadRequest("connectionId is not a parameter: send account", "connectionId");
        var account = FindAccount(service.Bank, RestQuery.Required(query, "account"));
        var oldest = service.Bank.Today.AddDays(-MostDays);
        if (DateOnly.TryParseExact(query["from"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from) && from < oldest)
            throw new RestRefusal(StatusCodes.Status400BadRequest, $"History begins on {Date(oldest)}", "from_too_old") { Parameter = "from" };

        var rows = RestQuery.Rows(service, account.Id, query, query["include_pending"] == "true");
        var answer = Page(context, query, rows.Take(service.RowCeiling).Select(row => Transaction(service.Bank, account, row)), V2Json.Default.V2ListV2Transaction);
        return answer with { Truncated = rows.Count > service.RowCeiling };
    }

    private static V2Transaction Transaction(SimulatedBank bank, BankAccount account, BankTransaction row)
    {
        var dayOnly = row.Shape.HasFlag(RowShape.DayOnly);
        return new V2Transaction(
            "txn_fk_" + row.Id, "transaction", account.PublicId, row.Status == TransactionStatus.Posted ? "posted" : "pending",
            Date(bank.DateOf(row.OccurredAt)),
            dayOnly ? null : LongInstant(row.OccurredAt),
            row.PostedAt is { } on ? Date(bank.DateOf(on)) : null,
            row.PostedAt is { } at && !dayOnly ? LongInstant(at) : null,
            null, null, row.Description, row.Reference, row.ExtendedDescription, new V2Money(row.MinorUnits, account.Currency.ToLowerInvariant()),
            row.Direction, row.Category, row.Category is { } code && Categories.Codes.Contains(code) ? CategoryId(code) : null, row.MerchantName,
            row.MerchantCategoryCode, Live);
    }

    private static RestAnswer Page<T>(
        HttpContext context, IQueryCollection query, IEnumerable<T> rows, System.Text.Json.Serialization.Metadata.JsonTypeInfo<V2List<T>> type)
    {
        var limit = RestQuery.Limit(query, MostRows, MostRows);
        var offset = OffsetOf(query["page"].ToString());
        var all = rows.ToArray();
        return RestAnswer.Ok(
            new V2List<T>("list", [.. all.Skip(offset).Take(limit)], offset + limit < all.Length ? At(offset + limit) : null, offset > 0 ? At(Math.Max(0, offset - limit)) : null),
            type);

        string At(int to)
        {
            var filters = query.Where(pair => pair.Key != "page").SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
            var page = KeyValuePair.Create<string, string?>("page", Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"rows:{to}")));
            return context.Request.Path + QueryString.Create(filters.Append(page)).Value;
        }
    }

    private static int OffsetOf(string page)
    {
        if (page.Length == 0)
            return 0;
        if (Base64Url.IsValid(page)
            && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(page)) is ['r', 'o', 'w', 's', ':', .. var digits]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return offset;
        throw RestRefusal.BadRequest("page is not a token of this list", "page");
    }

    private static BankAccount FindAccount(SimulatedBank bank, string id) =>
        bank.Accounts.FirstOrDefault(account => account.PublicId == id) ?? throw RestRefusal.NotFound("Account");

    private static V2Institution Institution(BankConnection connection) =>
        new($"inst_{connection.InstitutionId}", connection.InstitutionName, connection.InstitutionLogo);

    private static string CategoryId(string code) => "cat_" + Convert.ToHexStringLower(Encoding.ASCII.GetBytes(code.PadRight(11, '_')), 0, 11);
}
