using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>What the simulated bank does to the receiver, step by step.</summary>
internal sealed class DemoScript(SimulatedRedbark redbark, Action<string> say)
{
    private const int LostChunk = 2;

    private readonly List<DeliveryAttempt> _attempts = [];
    private long _lostAt;

    /// <summary>Requests answered 2xx.</summary>
    public int Accepted => _attempts.Count(attempt => attempt.Outcome == AttemptOutcome.Delivered);

    /// <summary>Requests refused, by status.</summary>
    public IReadOnlyDictionary<int, int> Rejected => _attempts
        .Where(attempt => attempt.Outcome == AttemptOutcome.Refused)
        .GroupBy(attempt => attempt.Status ?? 0)
        .ToDictionary(status => status.Key, status => status.Count());

    /// <summary>Attempts that were neither accepted nor refused: something is wrong with the receiver.</summary>
    public int Lost => _attempts.Count - Accepted - Rejected.Values.Sum();

    /// <summary>Rows that were sent malformed on purpose.</summary>
    public int Malformed { get; private set; }

    /// <summary>Pending rows that were settled under a new id.</summary>
    public int SettledAnew { get; private set; }

    /// <summary>Rows of the chunk that was lost on the way.</summary>
    public int RowsLost { get; private set; }

    /// <summary>How long ago the run ended that a chunk was lost of.</summary>
    public TimeSpan SinceTheLoss => TimeProvider.System.GetElapsedTime(_lostAt);

    /// <summary>Everything so far, but one chunk of it never arrives, and one comes before the one it follows.</summary>
    public async Task FirstSyncAsync(CancellationToken cancellation)
    {
        var run = await redbark.RunAsync(new SyncFaults { Chunk = LostChunk + 1, Swap = true, Lost = LostChunk }, cancellation);
        _lostAt = TimeProvider.System.GetTimestamp();
        RowsLost = run.Chunks.Single(chunk => chunk.Outcome == ChunkOutcome.Dropped).New;
        Tell(run);
    }

    /// <summary>A day of bookings.</summary>
    public async Task NextDayAsync(CancellationToken cancellation)
    {
        redbark.Bank.Clock.Advance(DemoSettings.Day);
        SettleAndCorrect();
        Trade();
        Malformed++;
        Tell(await redbark.RunAsync(new SyncFaults { ExtraRows = [SyncFaults.MalformedRow] }, cancellation));
    }

    /// <summary>The first delivery again, and by somebody who does not know the secret.</summary>
    public async Task RepeatAsync(CancellationToken cancellation)
    {
        var first = redbark.Sender.Sent[0];
        Tell("the first delivery, byte for byte", await redbark.Sender.RedeliverAsync(first, cancellation));
        Tell("the same with a forged signature", await redbark.Sender.ForgeAsync(first, cancellation));
    }

    private void SettleAndCorrect()
    {
        var bank = redbark.Bank;
        var pending = bank.Transactions.Where(row => row.Status == TransactionStatus.Pending).ToList();
        foreach (var (row, index) in pending.Select((row, index) => (row, index)))
        {
            var underNewId = index % 3 == 2;
            bank.Settle(row.Key, underNewId);
            SettledAnew += underNewId ? 1 : 0;
        }

        foreach (var row in bank.Transactions.Where(row => row.Status == TransactionStatus.Posted && row.MinorUnits != 0).Take(4).ToList())
            bank.Correct(row.Key, before => before with { Description = $"{before.Description} (corrected by the bank)" });

        foreach (var account in bank.Accounts.Where(account => !account.IsBrokerage))
            bank.Post(account.Id, -1250, "Coffee and a newspaper");
    }

    private void Trade()
    {
        var bank = redbark.Bank;
        bank.Post(bank.Trades[^1] with
        {
            Id = $"{bank.Today:yyyy-MM-dd}-BUY-{bank.Trades.Count + 1}-",
            Type = "buy",
            Quantity = 2.5m,
            TradeDate = bank.Today,
            SettlementDate = bank.Today.AddDays(2),
        });
    }

    private void Tell(SyncRunReport run)
    {
        foreach (var chunk in run.Chunks)
        {
            _attempts.AddRange(chunk.Attempts);
            var rows = chunk.Updated == 0 ? $"{chunk.New} new" : $"{chunk.New} new, {chunk.Updated} updated";
            say($"   {$"{chunk.Type} chunk {chunk.Chunk}/{chunk.TotalChunks}",-33} {rows,-20} → "
                + (chunk.Outcome == ChunkOutcome.Dropped ? "lost on the way; the sender believes it delivered" : Status(chunk.Attempts[^1])));
        }
    }

    private void Tell(string what, DeliveryAttempt attempt)
    {
        _attempts.Add(attempt);
        say($"   {what,-54} → {Status(attempt)}");
    }

    private static string Status(DeliveryAttempt attempt) =>
        attempt.Status is { } status ? $"{status} in {attempt.ResponseTime.TotalMilliseconds:0} ms" : attempt.Outcome.ToString();
}
