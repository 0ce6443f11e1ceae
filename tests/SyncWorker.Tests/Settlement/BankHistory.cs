using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Settlement;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Settlement;

/// <summary>What a bank booked, and the rows by which its feed told it: pending first or late, settled under a new id or the same, held as posted, or reversed (spec 7.5, 8.4–8.8).</summary>
internal sealed class BankHistory
{
    private static readonly string[] Payees = ["Woolworths", "Coles", "Café – Bondi", "BP", "Netflix", "Bunnings Warehouse", "JB Hi-Fi", "Just Cuts"];

    private readonly List<(int Moment, WireTransaction Row)> _told = [];

    public BankHistory(int seed, int purchases)
    {
        var random = new Random(seed);
        Purchase? last = null;
        for (var n = 0; n < purchases; n++)
        {
            // One in five is the like of the one before: same amount, payee, day and fate, and yet another purchase.
            var purchase = last is not null && random.Next(5) == 0 ? last : new Purchase(
                (Fate)random.Next(8), -(1000 + n * 13 + random.Next(12)), Payees[random.Next(Payees.Length)], new DateOnly(2026, 6, 1).AddDays(random.Next(100)), random.Next(-1, 6), random.Next(4) == 0);
            last = purchase;
            Tell($"{n:000}", purchase, n);
        }
    }

    private enum Fate
    {
        Booked,
        SettledUnderANewId,
        SettledUnderItsOwnId,
        HeldAsPostedAndSettled,
        HeldAsPostedAndReversed,
        Reversed,
        PendingCameLate,
        StillPending,
    }

    /// <summary>What is really booked.</summary>
    public decimal Truth { get; private set; }

    /// <summary>Which rows are one payment, sorted. Of purchases that are alike in all, the first goes with the first.</summary>
    public List<string> Twins { get; } = [];

    /// <summary>The feed, moment by moment.</summary>
    public IEnumerable<IDelivered> Deliveries(string account) => _told.OrderBy(told => told.Moment).Chunk(25).Select(told => Sent.Body(
        Sent.Write(EventTypes.TransactionsSynced, [.. told.Select(row => (IWireRow)(row.Row with { AccountId = account }))], created: SettlementHost.Start.AddMinutes(told[0].Moment - 5000)), Sent.Today));

    /// <summary>The rows as they stand at the end.</summary>
    public List<SettlementRow> Rows() => [.. _told.GroupBy(told => told.Row.Id).Select((same, n) => (Row: same.MaxBy(told => told.Moment).Row, Was: same.Any(told => told.Row.Status == "pending"), n))
        .Select(row => new SettlementRow
        {
            Id = row.n,
            ExternalId = row.Row.Id,
            IsPosted = row.Row.Status == "posted",
            WasPending = row.Was && row.Row.Status == "posted",
            Amount = row.Row.Amount / 100m,
            Currency = "AUD",
            BookedOn = DateOnly.ParseExact(row.Row.LocalDate!, "yyyy-MM-dd"),
            Description = row.Row.Description,
            MerchantName = row.Row.MerchantName,
        })];

    private void Tell(string id, Purchase purchase, int n)
    {
        var pending = new WireTransaction
        {
            Id = $"p{id}",
            Amount = purchase.Amount,
            Status = "pending",
            Description = $"{purchase.Payee}  {n:0000}  SYDNEY",
            MerchantName = purchase.Payee,
            LocalDate = purchase.Day.ToString("yyyy-MM-dd"),
        };
        var posted = pending with
        {
            Id = $"q{id}",
            Status = "posted",
            Description = $"VISA-{purchase.Payee}  xx4821",
            MerchantName = purchase.IsRewritten ? null : purchase.Payee,
            LocalDate = purchase.Day.AddDays(purchase.Later).ToString("yyyy-MM-dd"),
        };
        var hold = pending with { Status = "posted", Description = "AUTHORISATION" };

        WireTransaction[] told = purchase.Fate switch
        {
            Fate.Booked => [posted],
            Fate.SettledUnderANewId => [pending, posted],
            Fate.SettledUnderItsOwnId => [pending, posted with { Id = pending.Id }],
            Fate.HeldAsPostedAndSettled => [hold, posted],
            Fate.HeldAsPostedAndReversed => [hold],
            Fate.PendingCameLate => [posted, pending],
            _ => [pending],
        };
        _told.AddRange(told.Select((row, later) => (n + later * 30, row)));
        if (told.Any(row => row.Status == "posted" && row.Description != "AUTHORISATION"))
            Truth += purchase.Amount / 100m;
        if (told.Select(row => row.Id).Distinct().Count() == 2)
            Twins.Add($"p{id} q{id}");
    }

    private sealed record Purchase(Fate Fate, long Amount, string Payee, DateOnly Day, int Later, bool IsRewritten);
}
