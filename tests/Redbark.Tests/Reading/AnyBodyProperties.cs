using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Tests;

/// <summary>For any body at all: nothing is thrown, and every row that is there comes out once (I4).</summary>
public sealed class AnyBodyProperties
{
    private static readonly string[] Names =
    [
        "id", "amount", "currency", "status", "direction", "account_id", "accountId", "account_public_id", "account", "local_date", "transaction_date",
        "post_date", "merchant_name", "description", "type", "trade_date", "quantity", "price", "new", "updated", "what\\u0000", "",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "0", "-0", "-4550", "4550.0", "4.55e3", "1e400", "1e-400", "9223372036854775808", "\"\"", "\" \"", "\"-4550\"", "\"NaN\"", "\"posted\"",
        "\"PENDING\"", "\"debit\"", "\"credit\"", "\"aud\"", "\"zzz\"", "\"buy\"", "\"2026-08-14\"", "\"0000-00-00\"", "\"2026-08-13T19:35:43.5660000Z\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "1786649743", "\"\\u0000\"", "\"\\ud800\"", "\"txn_fk_x\"", "\"bank_tx_1\"",
        "\"6AF4BE01-A492-4F4B-93C9-DA6DD1F93149\"", "\"2026-08-14T\"", "\"2026-08-14T10:00:00.\"", "\"-\"", "\"e\"", "\"-.\"", "\"1e\"", "\"1e+\"", "\"2026-08-14T10:00:00+\"",
    ];

    private static readonly Gen<string> NearlyGood =
        from name in Gen.Elements(Names)
        from json in Gen.Elements(Scalars)
        from isTrade in Gen.Elements(true, false)
        select isTrade ? Samples.TradeJson((name, json)) : Samples.TransactionJson((name, json));

    [Fact]
    public void Any_bytes_are_read_without_an_exception() =>
        Check(ArbMap.Default.ArbFor<byte[]>().Generator, body => Samples.Read(body) is UnreadableDelivered or UnrecognisedDelivered);

    [Fact]
    public void Any_damage_to_a_good_body_is_read_without_an_exception()
    {
        var examples = new[] { "transactions-docs-v1.json", "transactions-newest.json", "trades.json" }.Select(Samples.Example).ToArray();
        var damaged =
            from example in Gen.Elements(examples)
            from edits in Gen.Choose(1, 6).SelectMany(count => Gen.Choose(0, int.MaxValue - 1).ArrayOf(count * 3))
            select Damage(example, edits);
        Check(damaged, body => RowsAreAllThere(body));
    }

    [Fact]
    public void Every_row_comes_out_as_a_row_or_as_a_rejected_row()
    {
        var bodies =
            from type in Gen.Elements("transactions.synced", "trades.synced")
            from news in Gen.OneOf(Value(3), NearlyGood).ArrayOf()
            from updates in Gen.OneOf(Value(3), NearlyGood).ArrayOf()
            select Samples.Body(type, string.Join(",", news), string.Join(",", updates));
        Check(bodies, body =>
        {
            var (rows, rejected) = Outcome(Samples.Read(body));
            using var document = JsonDocument.Parse(body);
            var data = document.RootElement.GetProperty("data");
            var raw = data.GetProperty("new").EnumerateArray().Concat(data.GetProperty("updated").EnumerateArray()).Select(row => row.GetRawText()).ToArray();
            return rows.Concat(rejected.Select(row => row.Index)).Order().SequenceEqual(Enumerable.Range(0, raw.Length))
                && rejected.All(row => row.RawJson == raw[row.Index]);
        });
    }

    private static Gen<string> Value(int depth) => depth == 0
        ? Gen.Elements(Scalars)
        : Gen.Frequency((1, Gen.Elements(Scalars)), (1, Gen.Sized(size => Value(depth - 1).ArrayOf(Math.Min(size, 3))).Select(items => $"[{string.Join(",", items)}]")), (6, Object(depth - 1)));

    private static Gen<string> Object(int depth) =>
        from fields in Gen.Elements(Names).SelectMany(name => Gen.Frequency((9, Gen.Elements(Scalars)), (1, Value(depth))).Select(value => $"\"{name}\":{value}")).ArrayOf()
        select $"{{{string.Join(",", fields)}}}";

    private static byte[] Damage(byte[] body, int[] edits)
    {
        var bytes = new List<byte>(body);
        for (var i = 0; i + 2 < edits.Length && bytes.Count > 0; i += 3)
        {
            var at = edits[i] % bytes.Count;
            switch (edits[i + 1] % 4)
            {
                case 0:
                    bytes[at] ^= (byte)(1 << (edits[i + 2] % 8));
                    break;
                case 1:
                    bytes.Insert(at, (byte)edits[i + 2]);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(edits[i + 2] % 40, bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(edits[i + 2] % 40, bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }

    private static bool RowsAreAllThere(byte[] body)
    {
        var (rows, rejected) = Outcome(Samples.Read(body));
        return rows.Concat(rejected.Select(row => row.Index)).Order().SequenceEqual(Enumerable.Range(0, rows.Length + rejected.Count));
    }

    private static (int[] Rows, IReadOnlyList<RejectedRow> Rejected) Outcome(IDelivered delivered) => delivered switch
    {
        TransactionsDelivered transactions => ([.. transactions.Rows.Select(row => row.Index)], transactions.Rejected),
        TradesDelivered trades => ([.. trades.Rows.Select(row => row.Index)], trades.Rejected),
        _ => ([], []),
    };

    private static void Check<T>(Gen<T> bodies, Func<T, bool> holds) =>
        Prop.ForAll(bodies.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
