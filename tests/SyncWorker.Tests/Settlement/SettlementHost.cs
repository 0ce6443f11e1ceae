using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Settlement;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Settlement;

/// <summary>A ledger on a clock that stands still, and what its settlements come to.</summary>
public sealed class SettlementHost : IAsyncLifetime
{
    private TestDatabase? _database;
    private WorkerUnderTest? _worker;

    public static DateTimeOffset Start { get; } = new(2026, 11, 5, 0, 0, 0, TimeSpan.Zero);

    public ManualClock Clock { get; } = new(Start);

    internal WorkerUnderTest Worker => _worker!;

    internal SettlementService Settlements => Worker.Get<SettlementService>();

    internal Recorder Published { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _worker = new WorkerUnderTest(_database.ConnectionString, services => services
            .Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)).Replace(ServiceDescriptor.Singleton<IEventPublisher>(Published)));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    internal static WireTransaction Pending(string id, string account, long amount = -4550, int day = 1, string payee = "Woolworths") => new()
    {
        Id = id,
        AccountId = account,
        Amount = amount,
        Status = "pending",
        Description = $"{payee}  1234  SYDNEY",
        MerchantName = payee,
        LocalDate = $"2026-11-{day:00}",
    };

    internal static WireTransaction Posted(string id, string account, long amount = -4550, int day = 2, string payee = "Woolworths") =>
        Pending(id, account, amount, day, payee) with { Status = "posted", Description = $"VISA-{payee}  xx4821" };

    /// <summary>Applies rows, observed at an hour of the first of November.</summary>
    internal Task ApplyAsync(int hour, params IWireRow[] rows) =>
        Worker.ApplyAsync(Sent.Body(Sent.Write(EventTypes.TransactionsSynced, rows, created: Start.AddDays(-4).AddHours(hour)), Sent.Today));

    internal async Task<SettlementChange> SettleAsync(string account) => await Settlements.SettleAsync(await IdAsync(account), CancellationToken.None);

    internal Task<long> IdAsync(string account) =>
        Worker.ScalarAsync<long>("SELECT id FROM ledger.accounts WHERE external_id = $1 OR public_id = $1", account);

    internal Task<long> RowAsync(string account, string id) => Worker.ScalarAsync<long>(
        "SELECT t.id FROM ledger.transactions t JOIN ledger.accounts a ON a.id = account_id WHERE (a.external_id = $1 OR a.public_id = $1) AND t.external_id = $2", account, id);

    /// <summary>Every row that does not count as what it says, and every suggestion, by external ids.</summary>
    internal async Task<List<string>> LinesAsync(string account) =>
    [
        .. await Worker.QueryAsync("""
            SELECT concat_ws(' ', e.external_id, e.effective_status, q.external_id, s.tier, s.decided_by, s.reason) COLLATE "C" FROM ledger.entries e
            JOIN ledger.accounts a ON a.id = e.account_id
            LEFT JOIN ledger.settlements s ON s.row_id = e.id AND s.account_id = e.account_id
            LEFT JOIN ledger.transactions q ON q.id = e.settled_by WHERE a.external_id = $1 AND e.effective_status <> e.status ORDER BY 1
            """, row => row.GetString(0), account),
        .. await Worker.QueryAsync("""
            SELECT concat_ws(' ', p.external_id, '?', q.external_id, s.kind, s.score, s.reason) COLLATE "C" FROM ledger.settlement_suggestions s
            JOIN ledger.accounts a ON a.id = s.account_id JOIN ledger.transactions p ON p.id = s.row_id JOIN ledger.transactions q ON q.id = s.by_id
            WHERE a.external_id = $1 ORDER BY 1
            """, row => row.GetString(0), account),
    ];

    internal sealed class Recorder : IEventPublisher
    {
        public List<IWorkerEvent> Events { get; } = [];

        public bool HasAudience => true;

        public Task PublishAsync(IReadOnlyList<IWorkerEvent> events, CancellationToken cancellation)
        {
            lock (Events)
                Events.AddRange(events);
            return Task.CompletedTask;
        }
    }
}
