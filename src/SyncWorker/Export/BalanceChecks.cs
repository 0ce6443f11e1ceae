using Redbark.Sync.Wire;
namespace Redbark.Sync.Worker.Export;

/// <summary>
/// Which of the bank's figures become assertions, and at the end of which day. A figure of a day is asserted at the end of the day before
/// it, when nothing of its day was in it yet, or else at the end of its day, when all of it was; one that was read between two rows of a
/// day is no balance of any day's end, and is left out. What is compared is what was written: so no assertion can be false.
/// </summary>
internal sealed class BalanceChecks
{
    private readonly SortedDictionary<DateOnly, Dictionary<long, List<ProvedFigure>>> _byDay = [];
    private readonly Dictionary<(long AccountId, string Currency), decimal> _held = [];
    private readonly IReadOnlyDictionary<long, ExportedAccount> _accounts;
    private readonly SortedSet<DateOnly> _ends = [];

    /// <param name="accounts">All accounts.</param>
    /// <param name="figures">Those that the proof agrees with, the oldest first.</param>
    /// <param name="first">The day of the opening.</param>
    /// <param name="last">The last day that is written.</param>
    public BalanceChecks(IReadOnlyDictionary<long, ExportedAccount> accounts, IEnumerable<ProvedFigure> figures, DateOnly first, DateOnly last)
    {
        _accounts = accounts;
        foreach (var figure in figures)
        {
            var day = figure.ObservedAt.DayIn(accounts[figure.AccountId].TimeZone);
            if (!_byDay.TryGetValue(day, out var accountsOfDay))
                _byDay.Add(day, accountsOfDay = []);
            if (!accountsOfDay.TryGetValue(figure.AccountId, out var ofAccount))
                accountsOfDay.Add(figure.AccountId, ofAccount = []);
            ofAccount.RemoveAll(earlier => earlier.Amount == figure.Amount);
            ofAccount.Add(figure);
            foreach (var end in day == DateOnly.MinValue ? [day] : (DateOnly[])[day.AddDays(-1), day])
            {
                if (end >= first && end <= last)
                    _ends.Add(end);
            }
        }
    }

    /// <summary>Takes in what is written of an account.</summary>
    public void Add(long accountId, string currency, decimal amount)
    {
        _held.TryGetValue((accountId, currency), out var held);
        _held[(accountId, currency)] = held + amount;
    }

    /// <summary>The assertions of the days that are over when a line of this day comes; null when none comes any more.</summary>
    public IEnumerable<BalanceCheck> Before(DateOnly? day)
    {
        while (_ends.Count > 0 && _ends.Min is var end && (day is null || end < day))
        {
            _ends.Remove(end);
            foreach (var check in At(end))
                yield return check;
        }
    }

    private List<BalanceCheck> At(DateOnly end)
    {
        var found = new SortedDictionary<string, BalanceCheck>(StringComparer.Ordinal);
        foreach (var day in end == DateOnly.MaxValue ? [end] : (DateOnly[])[end.AddDays(1), end])
        {
            foreach (var (accountId, figures) in _byDay.GetValueOrDefault(day) ?? [])
            {
                var account = _accounts[accountId];
                var held = _held.GetValueOrDefault((accountId, account.Currency!));
                if (figures.Find(figure => figure.Amount == held) is not { } agreeing)
                    continue;
                figures.Remove(agreeing);
                found.TryAdd(account.Key, new BalanceCheck(account, end, agreeing.Amount, agreeing.ObservedAt));
            }
        }

        return [.. found.Values];
    }
}
