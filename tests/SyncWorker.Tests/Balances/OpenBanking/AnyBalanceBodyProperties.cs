using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Normalisation;
using Redbark.Sync.Worker.Balances.Revolut;
using Redbark.Sync.Worker.Balances.TokenIo;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>Whatever the body: a clear error, or figures that all stand in it. A failure prints its seed.</summary>
public sealed class AnyBalanceBodyProperties
{
    private static readonly string[] Names =
    [
        "Data", "Balance", "Account", "AccountId", "Amount", "Currency", "CreditDebitIndicator", "Type", "DateTime", "CreditLine", "Included", "Links", "Next", "Errors", "Code",
        "balance", "accountId", "current", "available", "otherBalances", "type", "amount", "currency", "value", "updatedAtMs", "status", "response", "accounts", "id", "error", "x\\ud800", "D\\ud800ta", "",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-0", "12.5", "-3", "1e5", "1e400", "\"\"", "\" \"", "\"1.00\"", "\"-20.5000\"", "\"+7\"", "\".5\"", "\"5.\"", "\"1,234.56\"", "\"1e3\"", "\"NaN\"", "\"-\"",
        "\"9999999999999.99999\"", "\"9999999999999999999999999999\"", "\"99999999999999999999999999999\"", "\"0.0000000000000000000000000001\"", "\"GBP\"", "\"EUR\"", "\"BTC\"", "\"gbp\"",
        "\"Credit\"", "\"Debit\"", "\"InterimAvailable\"", "\"ITBD\"", "\"Expected\"", "\"Odd\"", "\"Temporary\"", "\"Available\"", "\"acc\"", "\"other\"", "\"SUCCESSFUL_REQUEST\"", "\"INVALID_REQUEST\"",
        "\"2026-08-14T10:00:00Z\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"1729212980771\"", "1729212980771", "\"\\u0000\"", "\"\\ud800\"", "\"http://localhost/accounts\"",
    ];

    // Bodies that are nearly good are where a wrong number could slip through.
    private static readonly Gen<string> Amounts = Gen.Frequency(
        (9, Gen.Elements("\"1.00\"", "\"250.5000\"", "12.5", "\"9999999999999.99999\"", "\"9999999999999999999999999999\"", "\"0.0000000000000000000000000001\"")),
        (1, Gen.Elements("\"1,0\"", "\"-2.00\"", "null", "\"1e3\"")));

    private static readonly Gen<string> Line =
        from included in Gen.Frequency((9, Gen.Elements("true", "false")), (1, Gen.Constant("null")))
        from type in Gen.Elements("Available", "Temporary", "Pre-Agreed", "Credit", "Emergency", "Odd")
        from amount in Amounts
        from currency in Gen.Elements("GBP", "GBP", "GBP", "EUR")
        select $"{{\"Included\":{included},\"Type\":\"{type}\",\"Amount\":{{\"Amount\":{amount},\"Currency\":\"{currency}\"}}}}";

    private static readonly Gen<string> RevolutBalance =
        from type in Gen.Elements("InterimAvailable", "ITBD", "Expected", "ClosingAvailable", "ForwardAvailable", "Odd")
        from sign in Gen.Elements("Credit", "Debit")
        from amount in Amounts
        from currency in Gen.Elements("GBP", "GBP", "GBP", "EUR")
        from lines in Line.ArrayOf()
        select $"{{\"AccountId\":\"acc\",\"Type\":\"{type}\",\"CreditDebitIndicator\":\"{sign}\",\"Amount\":{{\"Amount\":{amount},\"Currency\":\"{currency}\"}},\"CreditLine\":[{string.Join(",", lines.Take(3))}]}}";

    private static readonly Gen<string> Money =
        from amount in Amounts
        from currency in Gen.Elements("GBP", "GBP", "GBP", "EUR")
        select $"{{\"value\":{amount},\"currency\":\"{currency}\"}}";

    private static readonly Gen<string> TokenElement =
        from current in Money
        from available in Money
        from type in Gen.Elements("Expected", "InterimBooked", "Odd")
        from other in Money
        from status in Gen.Elements("SUCCESSFUL_REQUEST", "SUCCESSFUL_REQUEST", "INVALID_REQUEST", "Odd")
        from account in Gen.Elements("acc", "acc", "other")
        select $"{{\"balance\":{{\"accountId\":\"{account}\",\"current\":{current},\"available\":{available},\"otherBalances\":[{{\"type\":\"{type}\",\"amount\":{other}}}]}},\"status\":\"{status}\"}}";

    [Fact]
    public void Any_Revolut_body_gives_its_own_figures_or_a_clear_error() => Check(
        Gen.OneOf(Value(4), RevolutBalance.ArrayOf().Select(balances => $"{{\"Data\":{{\"Balance\":[{string.Join(",", balances.Take(4))}]}}}}")),
        root => [RevolutReader.Balances(root, "acc")]);

    [Fact]
    public void Any_Token_body_gives_its_own_figures_or_a_clear_error() => Check(
        Gen.OneOf(Value(4), TokenElement),
        root => [TokenIoReader.Single(root, "acc")]);

    [Fact]
    public void Any_bulk_body_gives_its_own_figures_or_clear_errors() => Check(
        Gen.OneOf(Value(4), TokenElement.ArrayOf().Select(elements => $"{{\"response\":[{string.Join(",", elements)}]}}")),
        root => TokenIoReader.Bulk(root).ByAccount.Values.Select(element => element.Figures).OfType<IReadOnlyList<BalanceObservation>>());

    [Fact]
    public void Any_list_of_accounts_is_read_or_refused() => Check(Value(4), root =>
    {
        Assert.All(TokenIoReader.Accounts(root, "main").Accounts.Concat(RevolutReader.Accounts(root, "main").Accounts), account => Assert.NotEmpty(account.ExternalId));
        return [];
    }, isOfFigures: false);

    private static void Check(Gen<string> bodies, Func<JsonElement, IEnumerable<IReadOnlyList<BalanceObservation>>> read, bool isOfFigures = true)
    {
        var withFigures = 0;
        Prop.ForAll(bodies.ToArbitrary(), body =>
        {
            using var document = JsonDocument.Parse(body);
            try
            {
                foreach (var figures in read(document.RootElement))
                {
                    withFigures += figures.Count > 0 ? 1 : 0;
                    StandIn(body, figures);
                }
            }
            catch (ProviderException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        // Bodies that are all refused would prove nothing.
        Assert.Equal(isOfFigures, withFigures > 100);
    }

    private static void StandIn(string body, IReadOnlyList<BalanceObservation> figures)
    {
        Assert.All(figures, figure =>
        {
            Assert.Contains(figure.AmountText, body, StringComparison.Ordinal);
            Assert.Equal(figure.AmountText.TrimStart('-', '+'), Printed(figure));
        });

        var balance = BalanceSummary.Of(figures, "GBP", DateTimeOffset.UnixEpoch);
        var own = figures.Where(figure => figure.Currency == "GBP").ToList();
        if (balance.Available is { } available)
            Assert.Contains(own, figure => figure.Amount == available);
        if (balance.Current is { } current)
            Assert.Contains(own, figure => figure.Amount == current || Borrowed(figure, current));
    }

    // The scale of the text is that of the number: "12.5" is 12.5 and not 12.50. A bare point is the one thing that a number does not print.
    private static string Printed(BalanceObservation figure)
    {
        var text = Math.Abs(figure.Amount).ToString();
        return figure.AmountText.EndsWith('.') ? text + "." : figure.AmountText.TrimStart('-', '+').StartsWith('.') ? text[1..] : text;
    }

    private static bool Borrowed(BalanceObservation figure, decimal current)
    {
        var lines = figure.CreditLines.Where(line => line.Included).ToList();
        var counted = lines.Exists(line => line.ProviderType != "Available") ? lines.Where(line => line.ProviderType != "Available") : lines;
        return figure.Kind is BalanceKind.Available && counted.Aggregate(figure.Amount, (left, line) => left - line.Amount!.Value) == current;
    }

    private static Gen<string> Value(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.Frequency(
            (2, Gen.Elements(Scalars)),
            (2, Gen.Sized(size => Value(depth - 1).ArrayOf(Math.Min(size, 3))).Select(items => $"[{string.Join(",", items)}]")),
            (6, Object(depth - 1)));

    private static Gen<string> Object(int depth) =>
        from fields in Gen.Elements(Names).SelectMany(name => Value(depth).Select(value => $"\"{name}\":{value}")).ArrayOf()
        select $"{{{string.Join(",", fields.Take(8))}}}";
}
