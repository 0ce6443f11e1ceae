using System.Net;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Http;

namespace Redbark.Sync.Wire.Tests.Rest;

public sealed class PagingTests : IDisposable
{
    private readonly ScriptedRedbark _redbark = new();

    [Fact]
    public async Task Pages_advance_by_the_rows_that_came_and_a_row_that_comes_twice_counts_once()
    {
        _redbark.Http
            .Then(ScriptedRedbark.Page([.. ScriptedRedbark.Rows(0, 3), "7"], hasMore: true))
            .Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(2, 2), hasMore: true))
            .Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(4, 1)));

        var read = await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default);

        Assert.Equal(["t0", "t1", "t2", "t3", "t4"], read.Rows.Select(row => row.Id));
        Assert.Equal(["0", "4", "6"], _redbark.Http.Asked.Select(ask => ask["offset"]));
    }

    [Fact]
    public async Task An_empty_page_is_the_last_whatever_it_says()
    {
        _redbark.Http.Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(0, 2), hasMore: true)).Then(ScriptedRedbark.Page([], hasMore: true));
        Assert.Equal(2, (await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default)).Rows.Count);
    }

    [Fact]
    public async Task A_page_that_repeats_is_an_error()
    {
        _redbark.Http.Otherwise = _ => ScriptedHttp.Answer(ScriptedRedbark.Page(ScriptedRedbark.Rows(0, 2), hasMore: true));

        var error = await _redbark.FailsAsync(_redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default));

        Assert.Equal(ProviderFault.Protocol, error.Fault);
        Assert.Equal(2, _redbark.Http.Asked.Count);
    }

    [Fact]
    public async Task A_full_page_that_does_not_say_whether_there_are_more_is_followed_by_another()
    {
        _redbark.Http.Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(0, 500), hasMore: null)).Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(500, 38), hasMore: null));
        Assert.Equal(538, (await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default)).Rows.Count);
        Assert.Equal(2, _redbark.Http.Asked.Count);
    }

    [Fact]
    public async Task A_page_that_fails_returns_none_of_the_rows()
    {
        _redbark.Http.Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(0, 2), hasMore: true)).Then("""{"error":{"message":"no"}}""", HttpStatusCode.BadRequest);
        Assert.Equal(ProviderFault.BadRequest, (await _redbark.FailsAsync(_redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(), default))).Fault);
    }

    [Theory]
    [InlineData("42", 42)]
    [InlineData("\"42\"", 42)]
    [InlineData("null", null)]
    [InlineData("-1", null)]
    public async Task A_count_costs_one_row_and_is_null_when_it_is_not_known(string total, int? count)
    {
        _redbark.Http.Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(0, 1), hasMore: true, total));
        Assert.Equal(count, await _redbark.Client.CountTransactionsAsync(ScriptedRedbark.Window(), default));
        Assert.Equal("1", _redbark.Http.Asked.Single()["limit"]);
    }

    [Fact]
    public async Task A_count_of_a_truncated_window_is_not_known()
    {
        _redbark.Http.Then(ScriptedRedbark.Page(ScriptedRedbark.Rows(0, 1), hasMore: true, "5000"), headers: ("X-Redbark-Truncated", "true"));
        Assert.Null(await _redbark.Client.CountTransactionsAsync(ScriptedRedbark.Window(), default));
    }

    [Fact]
    public async Task A_truncated_window_is_halved_until_every_row_is_reached()
    {
        // Ten rows a day, and a ceiling of 25 a request.
        _redbark.Http.Otherwise = ask => Ceiling(ask, 25);

        var read = await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(1, 9), default);

        Assert.Equal(90, read.Rows.Count);
        Assert.Empty(read.TruncatedDays);
        Assert.Equal(
            ["01-09", "01-05", "01-03", "01-02", "03-03", "04-05", "06-09", "06-07", "08-09"],
            _redbark.Http.Asked.Select(ask => $"{ask["from"][^2..]}-{ask["to"][^2..]}").Distinct());
    }

    [Fact]
    public async Task A_day_beyond_the_ceiling_is_paged_through_and_named()
    {
        _redbark.Http.Otherwise = ask => Ceiling(ask, 8);

        var read = await _redbark.Client.ReadTransactionsAsync(ScriptedRedbark.Window(1, 2), default);

        Assert.Equal(16, read.Rows.Count);
        Assert.Equal([new DateOnly(2026, 9, 1), new DateOnly(2026, 9, 2)], read.TruncatedDays);
    }

    [Fact]
    public async Task Trades_are_read_by_windows_of_at_most_366_days()
    {
        _redbark.Http.Otherwise = _ => ScriptedHttp.Answer(ScriptedRedbark.Page([]));

        await _redbark.Client.ReadTradesAsync(new("c", "a", new DateOnly(2023, 1, 1), new DateOnly(2025, 6, 30)), default);

        Assert.Equal(["2023-01-01", "2024-01-02", "2025-01-02"], _redbark.Http.Asked.Select(ask => ask["from"]));
        Assert.Equal(["2024-01-01", "2025-01-01", "2025-06-30"], _redbark.Http.Asked.Select(ask => ask["to"]));
    }

    public void Dispose() => _redbark.Dispose();

    private static HttpResponseMessage Ceiling(ScriptedHttp.Ask ask, int ceiling)
    {
        var (from, to) = (DateOnly.Parse(ask["from"]), DateOnly.Parse(ask["to"]));
        var rows = Enumerable.Range(0, (to.DayNumber - from.DayNumber + 1) * 10)
            .Select(i => (Day: from.AddDays(i / 10), Number: i % 10)).Select(row => ScriptedRedbark.Row($"{row.Day.Day}-{row.Number}")).ToList();
        var reached = rows.Take(ceiling).Skip(int.Parse(ask["offset"])).Take(4).ToList();
        var hasMore = int.Parse(ask["offset"]) + 4 < Math.Min(ceiling, rows.Count);
        return ScriptedHttp.Answer(ScriptedRedbark.Page(reached, hasMore), headers: rows.Count > ceiling ? [("X-Redbark-Truncated", "true")] : []);
    }
}
