using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Settlement;

public sealed class KeeperTests : IAsyncLifetime
{
    private readonly Noted _first = new("first");
    private readonly Noted _second = new("second");
    private readonly List<string> _calls = [];
    private TestDatabase _database = null!;
    private WorkerUnderTest _worker = null!;

    private AccountKeeper Keeper => _worker.Get<IEnumerable<IHostedService>>().OfType<AccountKeeper>().Single();

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        (_first.Calls, _second.Calls) = (_calls, _calls);
        _worker = new WorkerUnderTest(_database.ConnectionString, services => services
            .RemoveAll<IAccountKeeper>().AddSingleton<IAccountKeeper>(_first).AddSingleton<IAccountKeeper>(_second));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task An_account_that_changed_often_is_kept_once_by_each_keeper_in_their_order()
    {
        await _worker.ExecuteAsync("INSERT INTO ledger.account_changes (account_ids) VALUES ('{2,1}'), ('{1}'), ('{2}')");

        Assert.Equal(new KeptAccounts(2, 0, false), await Keeper.KeepAsync(CancellationToken.None));

        Assert.Equal(["first 1", "second 1", "first 2", "second 2"], _calls);
        Assert.Equal(new KeptAccounts(0, 0, false), await Keeper.KeepAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_account_that_fails_is_put_back_and_the_others_go_on()
    {
        await _worker.ExecuteAsync("INSERT INTO ledger.account_changes (account_ids) VALUES ('{1,2,3}')");
        _first.Fault = account => account == 2 ? new InvalidOperationException("two") : null;

        Assert.Equal(new KeptAccounts(2, 1, false), await Keeper.KeepAsync(CancellationToken.None));
        Assert.Equal(["first 1", "second 1", "first 2", "first 3", "second 3"], _calls);

        _first.Fault = _ => null;
        _calls.Clear();
        Assert.Equal(new KeptAccounts(1, 0, false), await Keeper.KeepAsync(CancellationToken.None));
        Assert.Equal(["first 2", "second 2"], _calls);
    }

    [Fact]
    public async Task A_database_that_goes_away_loses_no_change()
    {
        await _worker.ExecuteAsync("INSERT INTO ledger.account_changes (account_ids) VALUES ('{1}')");
        _second.Fault = _ => new TimeoutException();
        await Assert.ThrowsAsync<TimeoutException>(() => Keeper.KeepAsync(CancellationToken.None));
        _second.Fault = _ => null;
        Assert.Equal(new KeptAccounts(1, 0, false), await Keeper.KeepAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Keepers_at_once_take_different_entries()
    {
        await _worker.ExecuteAsync("INSERT INTO ledger.account_changes (account_ids) SELECT ARRAY[n] FROM generate_series(1, 1200) n");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            while ((await Keeper.KeepAsync(CancellationToken.None)).Kept > 0)
            {
            }
        }));
        Assert.Equal(2400, _calls.Count);
        Assert.Equal(2400, _calls.Distinct().Count());
    }

    private sealed class Noted(string name) : IAccountKeeper
    {
        public List<string> Calls { get; set; } = [];

        public Func<long, Exception?> Fault { get; set; } = _ => null;

        public Task KeepAsync(long accountId, CancellationToken cancellation)
        {
            lock (Calls)
                Calls.Add($"{name} {accountId}");
            return Fault(accountId) is { } error ? Task.FromException(error) : Task.CompletedTask;
        }
    }
}
