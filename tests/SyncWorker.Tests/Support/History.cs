using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>Which of an account's two ids a row brings.</summary>
internal enum Naming
{
    Both,
    External,
    Public,
}

/// <summary>One row, by small numbers, so that rows meet.</summary>
internal sealed record RowPlan(int Account, Naming Naming, int Key, int Amount, bool Pending, int Currency, int Text, bool Bad);

/// <summary>One request body.</summary>
/// <param name="Trades">Trades rather than transactions.</param>
/// <param name="Created">Hours.</param>
/// <param name="Event">Bodies of one number share an event id.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record BodyPlan(bool Trades, int Created, int Event, RowPlan[] Rows)
{
    public override string ToString() => $"{(Trades ? "trades" : "transactions")} of hour {Created}, event {Event}:\n    {string.Join("\n    ", (object[])Rows)}";
}

/// <summary>Bodies, and the order in which they arrive: each once at least, some again.</summary>
internal sealed record History(BodyPlan[] Bodies, int[] Again, int Shuffle)
{
    private static readonly string?[] Currencies = [null, null, "aud", "aud", "JPY", "kwd"];
    private static readonly string[] Texts = ["\"Coffee\"", "\"Coffee  shop\"", "null", "\"\\u0000NUL\"", "\"\\ud800 lone\"", "\"\\ud83d\\ude00 smile\"", "\"Ünïcode – é\""];

    /// <summary>All deliveries; each call makes other accounts, events and feeds of them.</summary>
    /// <param name="tag">Stands in every id.</param>
    public List<IDelivered> Deliveries(string tag)
    {
        var order = Enumerable.Range(0, Bodies.Length).Concat(Again.Where(n => n < Bodies.Length));
        return [.. order.Select((body, position) => Sent.Body(Body(Bodies[body], tag), Sent.Today.AddSeconds(position), tag))];
    }

    /// <summary>The same deliveries in another order.</summary>
    public List<IDelivered> Shuffled(List<IDelivered> deliveries)
    {
        var shuffled = deliveries.ToArray();
        new Random(Shuffle).Shuffle(shuffled);
        return [.. shuffled];
    }

    /// <summary>The same rows in other bodies: each of its own.</summary>
    public History Rechunked() => this with
    {
        Bodies = [.. Bodies.SelectMany(body => body.Rows.Select(row => body with { Rows = [row] })).Select((body, position) => body with { Event = position })],
        Again = [],
    };

    public static Arbitrary<History> Arbitrary()
    {
        var row =
            from account in Gen.Choose(0, 2)
            from naming in Gen.Elements(Naming.Both, Naming.External, Naming.Public)
            from key in Gen.Choose(0, 3)
            from amount in Gen.Choose(-3, 3)
            from pending in Gen.Elements(true, false)
            from currency in Gen.Choose(0, Currencies.Length - 1)
            from text in Gen.Choose(0, Texts.Length - 1)
            from bad in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new RowPlan(account, naming, key, amount * 1050, pending, currency, text, bad);
        var body =
            from trades in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
            from created in Gen.Choose(0, 4)
            from @event in Gen.Choose(0, 12)
            from size in Gen.Choose(1, 6)
            from rows in Gen.ArrayOf(row, size)
            select new BodyPlan(trades, created, @event, rows);
        var history =
            from count in Gen.Choose(1, 9)
            from bodies in Gen.ArrayOf(body, count)
            from repeats in Gen.Choose(0, 4)
            from again in Gen.ArrayOf(Gen.Choose(0, 8), repeats)
            from shuffle in Gen.Choose(0, int.MaxValue)
            select new History(bodies, again, shuffle);
        return Arb.From(history, Smaller);
    }

    public override string ToString() => $"{string.Join("\n", (object[])Bodies)}\nagain: {string.Join(", ", Again)}; shuffle: {Shuffle}";

    private static IEnumerable<History> Smaller(History history)
    {
        for (var i = 0; i < history.Bodies.Length && history.Bodies.Length > 1; i++)
            yield return history with { Bodies = [.. history.Bodies[..i], .. history.Bodies[(i + 1)..]] };
        for (var i = 0; i < history.Again.Length; i++)
            yield return history with { Again = [.. history.Again[..i], .. history.Again[(i + 1)..]] };
        for (var i = 0; i < history.Bodies.Length; i++)
        {
            var body = history.Bodies[i];
            for (var j = 0; j < body.Rows.Length && body.Rows.Length > 1; j++)
                yield return history with { Bodies = [.. history.Bodies[..i], body with { Rows = [.. body.Rows[..j], .. body.Rows[(j + 1)..]] }, .. history.Bodies[(i + 1)..]] };
        }
    }

    private static byte[] Body(BodyPlan plan, string tag) => Sent.Write(
        plan.Trades ? EventTypes.TradesSynced : EventTypes.TransactionsSynced,
        [.. plan.Rows.Select(row => plan.Trades ? Trade(row, tag) : Transaction(row, tag))],
        $"{tag}-event-{plan.Event}",
        Sent.Today.AddHours(plan.Created - 10));

    // A tie of time and status goes to the greater hash, which the tag is part of: every tag plays it out anew.
    private static WireRawRow Transaction(RowPlan row, string tag) => new($$"""
        {"id":"{{tag}}-{{row.Key}}","amount":{{(row.Bad ? "1.5" : row.Amount)}},"status":"{{(row.Pending ? "pending" : "posted")}}",{{Account(row, tag)}},
         "currency":{{Currency(row)}},"description":{{Texts[row.Text]}},"local_date":"2026-08-{{row.Key + 10}}"}
        """);

    private static WireRawRow Trade(RowPlan row, string tag) => new($$"""
        {"id":"{{tag}}-{{row.Key}}","type":"{{(row.Pending ? "buy" : "sell")}}",{{Account(row, tag)}},"quantity":{{(row.Bad ? "\"many\"" : $"\"{row.Amount}.0000000001\"")}},
         "symbol":"VOO","currency":{{Currency(row)}},"description":{{Texts[row.Text]}},"trade_date":"2026-08-{{row.Key + 10}}"}
        """);

    private static string Account(RowPlan row, string tag) => string.Join(",", new[]
    {
        row.Naming == Naming.Public ? null : $"\"account_id\":\"{tag}-account-{row.Account}\"",
        row.Naming == Naming.External ? null : $"\"account_public_id\":\"{tag}-public-{row.Account}\"",
        $"\"account_name\":{Texts[(row.Text + 1) % Texts.Length]}",
    }.Where(name => name is not null));

    private static string Currency(RowPlan row) => Currencies[row.Currency] is { } currency ? $"\"{currency}\"" : "null";
}
