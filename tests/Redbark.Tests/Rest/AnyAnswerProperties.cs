using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Tests.Rest;

/// <summary>Whatever comes back, a read ends with rows or with a <see cref="ProviderException"/>.</summary>
public sealed class AnyAnswerProperties
{
    private static readonly string[] Answers =
    [
        ScriptedRedbark.Page([.. ScriptedRedbark.Rows(0, 2), """{"id":"\ud800","accountId":null,"status":{},"amount":[],"date":-1}"""]),
        """{"data":[{"accountId":"a","currentBalance":"-842.15","availableBalance":"4157.85","currency":"aud"}],"\udc00":{"\ud800":1}}""",
        """{"error":{"message":"\ud800 no","code":"not_found","details":[]},"data":null}""",
        """{"data":[{"id":"h","accountId":"a","symbol":"VOO","quantity":"40.0000","currency":"USD"}],"pagination":{"total":"x","hasMore":"y"}}""",
    ];

    [Fact]
    public void A_read_ends_well_or_with_a_provider_exception()
    {
        var hurt =
            from answer in Gen.Elements(Answers)
            from status in Gen.Elements(HttpStatusCode.OK, HttpStatusCode.BadRequest)
            from hits in Gen.ListOf(from at in Gen.Choose(0, answer.Length - 1)
                                    from with in Gen.Elements((byte)0, (byte)'"', (byte)'}', (byte)'\\', (byte)'9', (byte)'e', (byte)',', (byte)0xff, (byte)0xe2)
                                    select (at, with))
            from length in Gen.Frequency((3, Gen.Constant(answer.Length)), (1, Gen.Choose(0, answer.Length)))
            select (Body: Hurt(answer, hits, length), status);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(hurt.ToArbitrary(), one => Reads(one.Body, one.status)));
    }

    private static byte[] Hurt(string answer, IEnumerable<(int At, byte With)> hits, int length)
    {
        var body = Encoding.UTF8.GetBytes(answer);
        foreach (var (at, with) in hits.Take(3))
            body[at] = with;
        return body[..Math.Min(length, body.Length)];
    }

    private static bool Reads(byte[] body, HttpStatusCode status)
    {
        using var redbark = new ScriptedRedbark();
        redbark.Http.Otherwise = _ => new HttpResponseMessage(status) { Content = new ByteArrayContent(body) };
        return Ends(() => redbark.Client.ReadConnectionsAsync(default))
            && Ends(() => redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default))
            && Ends(() => redbark.Client.ReadHoldingsAsync("c", "a", default))
            && Ends(() => redbark.BalancesAsync("a", "b"));
    }

    private static bool Ends<T>(Func<Task<T>> read)
    {
        var work = read();
        // The script answers at once, and nothing here is asked for a second time.
        return work.IsCompletedSuccessfully || work.Exception?.InnerException is ProviderException
            || (work.IsFaulted ? throw work.Exception!.InnerException! : false);
    }
}
