using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>What the simulated bank does to the receiver, step by step.</summary>
internal sealed class DemoScript(SimulatedRedbark redbark, Action<string> say)
{
    private readonly List<DeliveryAttempt> _attempts = [];

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

    public async Task PlayAsync(CancellationToken cancellation)
    {
        Tell("first sync, with its second chunk sent before its first", await redbark.RunAsync(new SyncFaults { Chunk = 1, Swap = true }, cancellation));

        redbark.Bank.Clock.Advance(TimeSpan.FromHours(20));
        SettleAndCorrect();
        Malformed++;
        Tell("a day later: bookings, corrections, purchases, and one malformed row", await redbark.RunAsync(
            new SyncFaults { ExtraRows = [SyncFaults.MalformedRow] }, cancellation));

        var first = redbark.Sender.Sent[0];
        Tell("the first delivery once more, byte for byte", await redbark.Sender.RedeliverAsync(first, cancellation));
        Tell("the same bytes with a forged signature", await redbark.Sender.ForgeAsync(first, cancellation));
    }

    private void SettleAndCorrect()
    {
        var bank = redbark.Bank;
        var pending = bank.Transactions.Where(row => row.Status == TransactionStatus.Pending).ToList();
        foreach (var (row, index) in pending.Select((row, index) => (row, index)))
            bank.Settle(row.Key, underNewId: index % 3 == 2);

        foreach (var row in bank.Transactions.Where(row => row.Status == TransactionStatus.Posted && row.MinorUnits != 0).Take(4).ToList())
            bank.Correct(row.Key, before => before with { Description = $"{before.Description} (corrected by the bank)" });

        foreach (var account in bank.Accounts.Where(account => !account.IsBrokerage))
            bank.Post(account.Id, -1250, "Coffee and a newspaper");
    }

    private void Tell(string what, SyncRunReport run)
    {
        foreach (var chunk in run.Chunks)
        {
            _attempts.AddRange(chunk.Attempts);
            say($"{chunk.Type} chunk {chunk.Chunk}/{chunk.TotalChunks}: {chunk.New} new, {chunk.Updated} updated → {Status(chunk.Attempts[^1])}   ({what})");
        }
    }

    private void Tell(string what, DeliveryAttempt attempt)
    {
        _attempts.Add(attempt);
        say($"{what} → {Status(attempt)}");
    }

    private static string Status(DeliveryAttempt attempt) =>
        attempt.Status is { } status ? $"{status} in {attempt.ResponseTime.TotalMilliseconds:0} ms" : attempt.Outcome.ToString();
}
