using System.Text.Json.Nodes;
using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking.TokenIo;

/// <summary>The endpoints (spec 3.4 to 3.8). Ids may come as they are or with <c>%3A</c>: routing decodes them.</summary>
internal sealed class TokenIoEndpoints(SimulatedBank bank, TokenIoOptions options, TokenIoFaults faults, TokenIoService service)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/accounts", AccountsAsync);
        routes.MapGet("/account-balance", BulkAsync);
        One("/accounts/{id}", "account", (account, _) => new JsonObject { ["account"] = Item(account) });
        One("/accounts/{id}/balance", "balance", (account, _) => Balance(account) ?? []);
        One("/accounts/{id}/transactions", "transactions", (account, request) => TokenIoTransactions.Page(bank, account.Account, request.Query, faults));
        One("/accounts/{id}/transaction/{transaction}", "transactions", (account, request) =>
            TokenIoTransactions.One(bank, account.Account, (string)request.RouteValues["transaction"]!, faults));

        void One(string path, string endpoint, Func<ExposedAccount, HttpRequest, JsonObject> read) =>
            routes.MapGet(path, (HttpContext context, string id) => service.AnswerAsync(
                context, endpoint, [id], accounts => Reply.Json(read(accounts[0], context.Request))));
    }

    private Task AccountsAsync(HttpContext context) => service.AnswerAsync(context, "accounts", null, accounts =>
        List("accounts", [.. accounts.Select(Item)]));

    private Task BulkAsync(HttpContext context)
    {
        var query = context.Request.Query;
        string[] ids =
        [
            .. faults.Parameter == TokenIoParameter.CamelCase ? [] : query["account_id"].OfType<string>(),
            .. faults.Parameter == TokenIoParameter.SnakeCase ? [] : query["accountId"].OfType<string>(),
        ];
        return service.AnswerAsync(context, "account-balance", ids, accounts =>
        {
            var elements = accounts.Where(account => faults.Balances[account.Id] != TokenIoBalanceShape.Missing);
            if (faults.Reversed)
                elements = elements.Reverse();
            if (faults.Duplicates)
                elements = elements.SelectMany(account => Enumerable.Repeat(account, 2));
            return List("response", [.. elements.Select(account => (JsonNode)Balance(account)!)]);
        });
    }

    private Reply List(string name, JsonNode[] elements) =>
        Reply.Json(elements.Length > 0 || faults.WritesDefaults ? new JsonObject { [name] = new JsonArray(elements) } : []);

    private JsonObject? Balance(ExposedAccount account) => TokenIoBalances.Element(
        account.Id, bank.Balances().Single(balance => balance.Account.Id == account.Account.Id), faults, bank.Clock.GetUtcNow());

    private JsonObject Item(ExposedAccount account)
    {
        var kind = account.Account.Type switch { "savings" => "SAVINGS", "credit-card" => "CARD", "loan" => "LOAN", _ => "CHECKING" };
        return new JsonObject
        {
            ["id"] = account.Id,
            ["name"] = account.Account.Name,
            ["bankId"] = options.BankId,
            ["accountFeatures"] = new JsonObject { ["supportsInformation"] = true, ["supportsSendPayment"] = true, ["supportsReceivePayment"] = true },
            ["accountDetails"] = new JsonObject
            {
                ["identifier"] = "iban",
                ["type"] = faults.ScalarType ? kind : new JsonArray(kind),
                ["status"] = "Active",
                ["currency"] = account.Account.Currency,
                ["accountHolderName"] = "John Arthur Smith",
                ["accountIdentifiers"] = new JsonArray(new JsonObject
                {
                    ["iban"] = new JsonObject { ["iban"] = Derived.Iban("NWBK", "601613" + Derived.Digits("token.io number", account.Id, 8)) },
                }),
            },
        };
    }
}
