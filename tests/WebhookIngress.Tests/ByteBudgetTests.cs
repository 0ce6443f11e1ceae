namespace Redbark.Sync.Ingress.Tests;

public sealed class ByteBudgetTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly ByteBudget _budget = new(100, TimeProvider.System);

    [Fact]
    public async Task Memory_is_handed_out_in_the_order_it_was_asked_for()
    {
        Assert.True(await _budget.TryEnterAsync(80, Long, default));
        var large = _budget.TryEnterAsync(60, Long, default);
        var small = _budget.TryEnterAsync(10, Long, default);
        Assert.False(large.IsCompleted || small.IsCompleted);
        _budget.Release(80);
        Assert.True(await large);
        Assert.True(await small);
        Assert.Equal(30, _budget.Free);
    }

    [Fact]
    public async Task Who_gives_up_takes_nothing_and_lets_the_next_one_through()
    {
        Assert.True(await _budget.TryEnterAsync(80, Long, default));
        using var gone = new CancellationTokenSource();
        var cancelled = _budget.TryEnterAsync(60, Long, gone.Token).AsTask();
        var late = _budget.TryEnterAsync(50, TimeSpan.FromMilliseconds(50), default);
        var next = _budget.TryEnterAsync(20, Long, default);
        Assert.False(await late);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.True(await next);
        Assert.Equal(0, _budget.Free);
        _budget.Release(80);
        _budget.Release(20);
        Assert.Equal(100, _budget.Free);
    }

    [Fact]
    public async Task What_is_larger_than_all_goes_alone()
    {
        Assert.True(await _budget.TryEnterAsync(1000, Long, default));
        Assert.Equal(0, _budget.Free);
        _budget.Release(1000);
        Assert.Equal(100, _budget.Free);
    }
}
