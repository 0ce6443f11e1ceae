using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Redbark.Sync.Simulator.Bank;
using static Redbark.Sync.Simulator.OpenBanking.Revolut.RevolutFormat;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>The endpoints (spec 2.2, 2.4 to 2.6).</summary>
internal sealed class RevolutEndpoints(
    SimulatedBank bank, RevolutOptions options, RevolutFaults faults, RevolutService service, RevolutConsents consents, RevolutTokens tokens,
    IReadOnlyList<ExposedAccount> accounts)
{
    private static readonly TimeSpan History = TimeSpan.FromDays(90);
    private static readonly string[] AccountPermissions = ["ReadAccountsBasic", "ReadAccountsDetail"];
    private static readonly string[] TransactionPermissions = ["ReadTransactionsBasic", "ReadTransactionsDetail"];
    private static readonly string[] Directions = ["ReadTransactionsCredits", "ReadTransactionsDebits"];
    private static readonly string[] OtherPermissions =
    [
        "ReadBalances", "ReadBeneficiariesBasic", "ReadBeneficiariesDetail", "ReadDirectDebits", "ReadScheduledPaymentsBasic",
        "ReadScheduledPaymentsDetail", "ReadStandingOrdersBasic", "ReadStandingOrdersDetail",
    ];

    private static readonly string BitcoinId = Derived.Uuid("revolut pocket", "BTC");

    private readonly ConcurrentDictionary<(string ConsentId, string AccountId, DateTimeOffset To), bool> _nextPages = new();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/token", TokenAsync);
        routes.MapPost("/account-access-consents", AskAsync);
        routes.MapGet("/account-access-consents/{id}", (HttpContext context, string id) => WithConsent(context, id, consent => Consent(consent, context.Request, 200)));
        routes.MapDelete("/account-access-consents/{id}", (HttpContext context, string id) => WithConsent(context, id, consent =>
        {
            consents.TakeBack(consent.ConsentId);
            return new Reply(StatusCodes.Status204NoContent);
        }));
        routes.MapGet("/accounts", context => Get(context, "accounts", "", AccountPermissions, consent => Accounts(context, consent)));
        routes.MapGet("/accounts/{id}", (HttpContext context, string id) => Get(context, "account", id, AccountPermissions, consent => Account(context, consent, id)));
        routes.MapGet("/accounts/{id}/balances", (HttpContext context, string id) => Get(context, "balances", id, ["ReadBalances"], consent => Balances(context, consent, id)));
        routes.MapGet("/accounts/{id}/transactions", (HttpContext context, string id) => Get(context, "transactions", id, TransactionPermissions, consent => Transactions(context, consent, id)));
        // Spec 2.6: what OBIE lists and Revolut does not have.
        routes.MapGet("/balances", BulkAsync);
    }

    private Task TokenAsync(HttpContext context) => service.AnswerAsync(
        context,
        "token",
        () =>
        {
            service.CountToken();
            return context.Request.HasFormContentType && context.Request.ContentType!.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
                ? true
                : throw RevolutRefusal.OAuth(415, "invalid_request", "The body must be application/x-www-form-urlencoded");
        },
        async _ => tokens.Grant(await context.Request.ReadFormAsync(context.RequestAborted)));

    private Task BulkAsync(HttpContext context) => service.AnswerAsync(
        context, "bulk", () => true, _ => Task.FromResult(RevolutRefusal.Of(404, "UK.OBIE.NotFound", "Not found").Reply));

    private Task AskAsync(HttpContext context) => service.AnswerAsync(context, "consents", () => service.AdmitClient(context), _ => NewConsentAsync(context));

    private async Task<Reply> NewConsentAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw RevolutRefusal.Of(415, "UK.OBIE.Header.Invalid", "Content-Type must be application/json");

        JsonNode? body;
        try
        {
            body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            throw RevolutRefusal.Of(400, "UK.OBIE.Resource.InvalidFormat", "The body is not JSON");
        }

        if (body is not JsonObject whole || whole["Data"] is not JsonObject data)
            throw RevolutRefusal.Missing("Data");
        if (whole["Risk"] is not JsonObject)
            throw RevolutRefusal.Missing("Risk");

        DateTimeOffset? until = null;
        if (data["ExpirationDateTime"] is { } text)
        {
            until = text is JsonValue value && value.TryGetValue<string>(out var written)
                && DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at > service.Now
                    ? at
                    : throw RevolutRefusal.Invalid("Data.ExpirationDateTime", "an ISO 8601 date and time in the future");
        }

        return Consent(consents.Ask(Permissions(data), until), context.Request, StatusCodes.Status201Created);
    }

    private static string[] Permissions(JsonObject data)
    {
        if (data["Permissions"] is not JsonArray { Count: > 0 } given)
            throw RevolutRefusal.Missing("Data.Permissions");

        var permissions = given.Select(node => node is JsonValue value && value.TryGetValue<string>(out var name) ? name : "").ToArray();
        if (permissions.Except([.. AccountPermissions, .. TransactionPermissions, .. Directions, .. OtherPermissions]).Any())
            throw RevolutRefusal.Invalid("Data.Permissions", "permissions that are supported");
        if (!permissions.Intersect(AccountPermissions).Any())
            throw RevolutRefusal.Invalid("Data.Permissions", "with ReadAccountsBasic or ReadAccountsDetail");
        if (permissions.Intersect(Directions).Any() && !permissions.Intersect(TransactionPermissions).Any())
            throw RevolutRefusal.Invalid("Data.Permissions", "with ReadTransactionsBasic or ReadTransactionsDetail");
        return permissions;
    }

    private Task WithConsent(HttpContext context, string id, Func<RevolutConsent, Reply> answer) => service.AnswerAsync(
        context,
        "consents",
        () => service.AdmitClient(context),
        _ => Task.FromResult(answer(consents.Find(id) ?? throw RevolutRefusal.Of(400, "UK.OBIE.Resource.NotFound", "There is no such consent"))));

    private static Reply Consent(RevolutConsent consent, HttpRequest request, int status)
    {
        var data = new JsonObject
        {
            ["Status"] = consent.Status.ToString(),
            ["StatusUpdateDateTime"] = Instant(consent.StatusSince),
            ["CreationDateTime"] = Instant(consent.CreatedAt),
            ["Permissions"] = new JsonArray([.. consent.Permissions.Select(permission => JsonValue.Create(permission))]),
            ["ConsentId"] = consent.ConsentId,
        };
        if (consent.ExpiresAt is { } until)
            data["ExpirationDateTime"] = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);
        var body = Framed(data, request);
        body["Risk"] = new JsonObject();
        return Reply.Json(body, status);
    }

    private Task Get(HttpContext context, string endpoint, string accountId, string[] permissions, Func<RevolutConsent, Reply> read) => service.AnswerAsync(
        context,
        endpoint,
        () => service.AdmitUser(context, endpoint, accountId, endpoint == "transactions" && ContinuesPaging(context, accountId), permissions),
        consent => Task.FromResult(read(consent)));

    private Reply Accounts(HttpContext context, RevolutConsent consent)
    {
        if (faults.NoAccounts)
            return Reply.Json(Framed([], context.Request));

        var shown = accounts.Where(account => consent.AccountIds.Contains(account.Id)).Select(account => AccountItem(account, consent)).ToList();
        if (faults.BitcoinPocket)
            shown.Add(new JsonObject { ["AccountId"] = BitcoinId, ["Currency"] = "BTC", ["AccountType"] = "Personal", ["AccountSubType"] = "CurrentAccount" });
        return Reply.Json(Framed(new JsonObject { ["Account"] = new JsonArray([.. shown]) }, context.Request));
    }

    private Reply Account(HttpContext context, RevolutConsent consent, string id)
    {
        var account = Find(consent, id);
        // Spec 2.4: only in the first five minutes.
        return service.IsFresh(consent)
            ? Reply.Json(Framed(new JsonObject { ["Account"] = new JsonArray(AccountItem(account, consent)) }, context.Request))
            : throw RevolutRefusal.Forbidden();
    }

    private Reply Balances(HttpContext context, RevolutConsent consent, string id)
    {
        if (faults.BitcoinPocket && id == BitcoinId)
            return Reply.Json(Framed(RevolutBalances.Bitcoin(id, faults, service.Now), context.Request));

        var account = Find(consent, id).Account;
        var balance = bank.Balances().Single(balance => balance.Account.Id == account.Id);
        return Reply.Json(Framed(RevolutBalances.Data(id, balance, faults, service.Now), context.Request));
    }

    private Reply Transactions(HttpContext context, RevolutConsent consent, string id)
    {
        var account = Find(consent, id).Account;
        var query = context.Request.Query;
        // Spec 2.6: the whole history only in the first five minutes.
        var oldest = service.IsFresh(consent) ? DateTimeOffset.MinValue : service.Now - History;
        var from = RevolutTransactions.Bound(query, "fromBookingDateTime") ?? oldest;
        var to = RevolutTransactions.Bound(query, "toBookingDateTime") ?? DateTimeOffset.MaxValue;
        var directed = consent.Allows(Directions);
        var rows = RevolutTransactions.Rows(bank, account).Where(row => row.At >= from && row.At >= oldest && row.At < to
            && (!directed || consent.Allows(row.Row.MinorUnits < 0 ? "ReadTransactionsDebits" : "ReadTransactionsCredits"))).ToArray();
        var page = RevolutTransactions.Page(rows, options.TransactionsPerPage);
        var detail = consent.Allows("ReadTransactionsDetail");
        var body = Framed(
            new JsonObject { ["Transaction"] = new JsonArray([.. page.Select(row => RevolutTransactions.Item(id, account, row, detail))]) }, context.Request);
        body["Meta"] = new JsonObject();
        if (page.Count < rows.Length)
        {
            var next = page[^1].At;
            _nextPages[(consent.ConsentId, id, next)] = true;
            var since = from == DateTimeOffset.MinValue ? rows[^1].At : from;
            body["Links"]!["Next"] = $"{Address(context.Request)}?fromBookingDateTime={ZonelessInstant(since)}&toBookingDateTime={ZonelessInstant(next)}";
        }

        return Reply.Json(body);
    }

    /// <summary>Spec 2.9: pages of one fetch count as one call.</summary>
    private bool ContinuesPaging(HttpContext context, string accountId) =>
        service.Known(context)?.ConsentId is { } consentId
        && RevolutTransactions.Bound(context.Request.Query, "toBookingDateTime") is { } to
        && _nextPages.TryRemove((consentId, accountId, to), out _);

    private ExposedAccount Find(RevolutConsent consent, string id)
    {
        // Spec 2.8: OBIE's answers for an account that is not there, and for one that the user did not choose.
        var account = accounts.FirstOrDefault(account => account.Id == id) ?? throw RevolutRefusal.Of(400, "UK.OBIE.Resource.NotFound", "There is no such account");
        return consent.AccountIds.Contains(id) ? account : throw RevolutRefusal.Forbidden();
    }

    private JsonObject AccountItem(ExposedAccount account, RevolutConsent consent)
    {
        var item = new JsonObject
        {
            ["AccountId"] = account.Id,
            ["Currency"] = account.Account.Currency,
            ["AccountType"] = options.Accounts.Zip(accounts).First(pair => pair.Second == account).First.AccountType,
            ["AccountSubType"] = account.Account.Type switch { "savings" => "Savings", "credit-card" => "CreditCard", _ => "CurrentAccount" },
        };
        if (!consent.Allows("ReadAccountsDetail") || faults.Numbers == RevolutNumbers.Missing)
            return item;

        item["Nickname"] = account.Account.Name;
        item["Account"] = faults.Numbers switch
        {
            RevolutNumbers.Empty => [],
            RevolutNumbers.OneIban => new JsonArray(Number("UK.OBIE.IBAN", IbanOf(accounts[0]))),
            _ when account.Account.Type == "savings" => new JsonArray(Number("UK.Revolut.InternalAccountId", account.Id)),
            _ => new JsonArray(Number("UK.OBIE.IBAN", IbanOf(account)), Number("UK.OBIE.SortCodeAccountNumber", IbanOf(account)[8..])),
        };
        return item;

        static JsonObject Number(string scheme, string number) => new() { ["SchemeName"] = scheme, ["Identification"] = number, ["Name"] = "John Smith" };

        static string IbanOf(ExposedAccount account) => Derived.Iban("REVO", "009970" + Derived.Digits("revolut number", account.Id, 8));
    }
}
