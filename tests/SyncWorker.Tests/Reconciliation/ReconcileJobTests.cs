using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Reconciliation;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Reconciliation;

/// <summary>The job that proves every account, over keepers of the test's: what one account's trouble costs the others.</summary>
public sealed class ReconcileJobTests : IAsyncLifetime
{
    private readonly ScriptedKeeper _first = new();
    private readonly ScriptedKeeper _second = new();
    private readonly Lines _log = new();
    private TestDatabase _database = null!;
    private WorkerUnderTest _worker = null!;
    private List<long> _accounts = null!;

    private ReconcileJob Job => _worker.Get<IEnumerable<IScheduledJob>>().OfType<ReconcileJob>().Single();

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString, services => services
            .RemoveAll<IAccountKeeper>().AddSingleton<IAccountKeeper>(_first).AddSingleton<IAccountKeeper>(_second)
            .AddSingleton<ILogger<ReconcileJob>>(_log));
        await _worker.ApplyAsync(Sent.Transactions([.. Enumerable.Range(0, 4).Select(n => Sent.Transaction($"{n}", Sent.Account()))]));
        _accounts = await _worker.QueryAsync("SELECT id FROM ledger.accounts ORDER BY id", row => row.GetInt64(0));
        Assert.Equal(4, _accounts.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Accounts_that_fail_stop_no_other_and_the_job_says_how_many_and_why_the_first_did()
    {
        _first.Faults[_accounts[1]] = new InvalidOperationException("a row without a day");
        _second.Faults[_accounts[2]] = new FormatException("another reason");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Job.RunAsync(CancellationToken.None));

        Assert.Equal($"2 of 4 accounts could not be proved, the first of them account {_accounts[1]}: a row without a day (no account)", error.Message);
        Assert.Same(_first.Faults[_accounts[1]], error.InnerException);
        Assert.Equal(_accounts, _first.Kept);
        Assert.Equal([_accounts[0], _accounts[2], _accounts[3]], _second.Kept);
        Assert.Equal(
            [(_accounts[1], "a row without a day"), (_accounts[2], "another reason")],
            _log.Errors.Select(line => ((long)line.Account!, line.Error.Message)));
    }

    [Fact]
    public async Task A_database_that_goes_away_fails_the_job_at_once()
    {
        var away = new NpgsqlException("the server is gone", new IOException());
        _second.Faults[_accounts[1]] = away;

        Assert.Same(away, await Assert.ThrowsAsync<NpgsqlException>(() => Job.RunAsync(CancellationToken.None)));

        Assert.Equal(_accounts[..2], _first.Kept);
        Assert.Empty(_log.Errors);
    }

    [Fact]
    public async Task A_stop_is_no_account_s_fault()
    {
        using var stopping = new CancellationTokenSource();
        _first.Faults[_accounts[1]] = new OperationCanceledException(stopping.Token);
        _first.Before = account => account == _accounts[1] ? stopping.CancelAsync() : Task.CompletedTask;

        await Assert.ThrowsAsync<OperationCanceledException>(() => Job.RunAsync(stopping.Token));

        Assert.Equal(_accounts[..2], _first.Kept);
        Assert.Empty(_log.Errors);
    }

    private sealed class ScriptedKeeper : IAccountKeeper
    {
        public List<long> Kept { get; } = [];

        public Dictionary<long, Exception> Faults { get; } = [];

        public Func<long, Task> Before { get; set; } = _ => Task.CompletedTask;

        public async Task KeepAsync(long accountId, CancellationToken cancellation)
        {
            Kept.Add(accountId);
            await Before(accountId);
            if (Faults.TryGetValue(accountId, out var error))
                throw error;
        }
    }

    private sealed class Lines : ILogger<ReconcileJob>
    {
        public List<(object? Account, Exception Error)> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
                Errors.Add((((IReadOnlyList<KeyValuePair<string, object?>>)state!).First(value => value.Key == "Account").Value, exception!));
        }
    }
}
