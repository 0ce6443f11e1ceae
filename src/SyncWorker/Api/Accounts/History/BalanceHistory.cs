namespace Redbark.Sync.Worker.Api.Accounts.History;

/// <summary>An account's balance over time by the ledger, and what its banks said.</summary>
internal sealed record BalanceHistory
{
    public required long AccountId { get; init; }
    public string? Name { get; init; }
    public required string Currency { get; init; }

    /// <summary>First and last day.</summary>
    public required DateOnly From { get; init; }

    /// <inheritdoc cref="From"/>
    public required DateOnly To { get; init; }

    /// <summary>The steps are months rather than days.</summary>
    public required bool ByMonth { get; init; }

    /// <summary>What the account held before its first row; null while that is not known, and then the balances lack it.</summary>
    public decimal? Opening { get; init; }

    /// <summary>The account's first row.</summary>
    public DateOnly? FirstRow { get; init; }

    /// <summary>The day since which bank and ledger differ.</summary>
    public DateOnly? DriftSince { get; init; }

    /// <summary>The balance at the end of the day before <see cref="From"/>.</summary>
    public required decimal Before { get; init; }

    /// <summary>The days, or ends of months, at which it changed; in order.</summary>
    public required IReadOnlyList<LedgerDay> Days { get; init; }

    /// <summary>What banks said, in order of time.</summary>
    public required IReadOnlyList<BankPoint> Points { get; init; }

    /// <summary>The ledger's balance at the end of a day.</summary>
    public decimal At(DateOnly day)
    {
        var (low, high) = (0, Days.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Days[middle].Day <= day)
                low = middle + 1;
            else
                high = middle;
        }

        return low == 0 ? Before : Days[low - 1].Balance;
    }
}

/// <summary>The ledger's balance at the end of a day.</summary>
internal sealed record LedgerDay(DateOnly Day, decimal Balance);

/// <summary>A bank's figure.</summary>
/// <param name="BalanceId">The provider's account.</param>
/// <param name="Provider">The provider.</param>
/// <param name="At">The latest moment that it may be of.</param>
/// <param name="Amount">As the account's sign convention in the settings has it.</param>
/// <param name="Agrees">Whether the proof holds there; null where nothing can be proved.</param>
internal sealed record BankPoint(long BalanceId, string Provider, DateTimeOffset At, decimal Amount, bool? Agrees);
