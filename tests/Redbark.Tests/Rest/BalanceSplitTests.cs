using System.Net;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Tests.Rest;

public sealed class BalanceSplitTests : IDisposable
{
    private readonly ScriptedRedbark _redbark = new();

    [Fact]
    public async Task A_hundred_ids_a_call()
    {
        _redbark.Http.Otherwise = ask => Answer(ask);

        var results = await _redbark.BalancesAsync(Enumerable.Range(0, 230).Select(i => $"a{i}"));

        Assert.Equal(Enumerable.Range(0, 230).Select(i => $"a{i}"), results.Select(result => result.Balance!.AccountId));
        Assert.Equal([100, 100, 30], _redbark.Http.Asked.Select(ask => ask["accountIds"].Split(',').Length));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, ProviderFault.AccountGone)]
    [InlineData(HttpStatusCode.BadRequest, ProviderFault.BadRequest)]
    public async Task A_call_that_one_bad_id_fails_is_halved_until_the_good_ones_are_read(HttpStatusCode status, ProviderFault fault)
    {
        _redbark.Http.Otherwise = ask => Answer(ask, status, "a13", "a77");

        var results = await _redbark.BalancesAsync(Enumerable.Range(0, 100).Select(i => $"a{i}"));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"a{i}"), results.Select(result => result.AccountId));
        Assert.Equal(["a13", "a77"], results.Where(result => result.Error is not null).Select(result => result.AccountId));
        Assert.All(results.Where(result => result.Error is not null), result => Assert.Equal((fault, status), (result.Error!.Fault, result.Error.Status)));
        Assert.All(results.Where(result => result.Error is null), result => Assert.Equal(5m, result.Balance!.Current!.Value.Amount));
        Assert.InRange(_redbark.Http.Asked.Count, 3, 30);
    }

    [Fact]
    public async Task Nothing_but_bad_ids()
    {
        _redbark.Http.Otherwise = ask => Answer(ask, HttpStatusCode.BadRequest, "a0", "a1", "a2");
        Assert.Equal(["a0", "a1", "a2"], (await _redbark.BalancesAsync("a0", "a1", "a2")).Where(result => result.Error is not null).Select(result => result.AccountId));
    }

    [Fact]
    public async Task An_account_that_the_answer_leaves_out_or_tells_twice_has_an_error()
    {
        _redbark.Http.Then("""
            {"data":[{"accountId":"b","currentBalance":"1","currency":"AUD"},{"accountId":"c","currentBalance":"1","currency":"AUD"},
             {"accountId":"b","currentBalance":"2","currency":"AUD"},{"accountId":"c","currentBalance":"1","currency":"AUD"},{"accountId":"d"},null]}
            """);

        var results = await _redbark.BalancesAsync("a", "b", "c");

        Assert.Equal([ProviderFault.Protocol, ProviderFault.Protocol, null], results.Select(result => result.Error?.Fault));
        Assert.Equal(1m, results[2].Balance!.Current!.Value.Amount);
    }

    [Fact]
    public async Task A_failure_that_no_id_explains_is_not_halved()
    {
        _redbark.Http.Otherwise = _ => ScriptedHttp.Answer("""{"error":{"message":"Invalid key"}}""", HttpStatusCode.Unauthorized);

        var results = await _redbark.BalancesAsync("a", "b", "c");

        Assert.All(results, result => Assert.Equal(ProviderFault.CredentialInvalid, result.Error!.Fault));
        Assert.Single(_redbark.Http.Asked);
    }

    public void Dispose() => _redbark.Dispose();

    private static HttpResponseMessage Answer(ScriptedHttp.Ask ask, HttpStatusCode refusal = default, params string[] bad)
    {
        var ids = ask["accountIds"].Split(',');
        return ids.Intersect(bad).Any()
            ? ScriptedHttp.Answer("""{"error":{"message":"Account not found","code":"not_found","details":[]}}""", refusal)
            : ScriptedHttp.Answer($$"""{"data":[{{string.Join(',', ids.Reverse().Select(id => $$"""{"accountId":"{{id}}","currentBalance":"5.00","currency":"aud"}"""))}}]}""");
    }
}
