using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Export;

/// <summary>Units of a security that were bought at one time.</summary>
/// <param name="Quantity">Units that are left.</param>
/// <param name="Cost">What these cost together, in minor units' precision.</param>
/// <param name="Currency">Of the cost.</param>
/// <param name="Day">Day of the trade.</param>
/// <param name="Label">The trade's id.</param>
internal sealed record Lot(decimal Quantity, decimal Cost, string Currency, DateOnly Day, string Label);

/// <summary>Units that come or go.</summary>
/// <param name="Quantity">Signed.</param>
/// <param name="Lot">The lot that they make or are taken from; null for units whose cost is not known, such as those held before the first trade.</param>
/// <param name="Value">Their weight in the entry, in the trade's currency, without sign; null when nothing tells it.</param>
internal sealed record Move(decimal Quantity, Lot? Lot, decimal? Value);

/// <summary>What one trade does.</summary>
/// <param name="Moves">Units.</param>
/// <param name="Cash">Signed; 0 when nothing tells it.</param>
/// <param name="Fees">Positive is paid.</param>
/// <param name="Gain">Proceeds above the cost of what was sold.</param>
internal sealed record TradeEffect(IReadOnlyList<Move> Moves, decimal Cash, decimal Fees, decimal Gain);

/// <summary>Which lots an account holds. First in, first out; units of unknown cost are older than all.</summary>
internal sealed class LotBook
{
    private readonly SortedDictionary<(long AccountId, string Security), Holding> _holdings = new(Comparer<(long AccountId, string Security)>.Create(
        (left, right) => left.AccountId != right.AccountId ? left.AccountId.CompareTo(right.AccountId) : string.CompareOrdinal(left.Security, right.Security)));

    /// <summary>Units held before the first trade.</summary>
    public void Open(long accountId, string security, decimal quantity) => Of(accountId, security).Uncosted += quantity;

    /// <summary>All that is held, for the opening: from then on a lot costs what is said there.</summary>
    public IEnumerable<(long AccountId, string Security, decimal Quantity, Lot? Lot)> Held()
    {
        foreach (var ((accountId, security), holding) in _holdings)
        {
            if (holding.Uncosted != 0)
                yield return (accountId, security, holding.Uncosted, null);
            for (var node = holding.Lots.First; node is not null; node = node.Next)
            {
                node.Value = node.Value with { Cost = Rounding.ToMinorUnit(node.Value.Cost, node.Value.Currency) };
                yield return (accountId, security, node.Value.Quantity, node.Value);
            }
        }
    }

    /// <returns>Null when the trade moves no units: a dividend, a split, or one without a quantity.</returns>
    public TradeEffect? Apply(TradeLine trade)
    {
        var quantity = Math.Abs(trade.Quantity ?? 0);
        if (quantity == 0 || trade.Type is not ("buy" or "sell"))
            return null;
        var holding = Of(trade.AccountId, trade.Security);
        var fees = trade.Fees ?? 0;
        var principal = Principal(trade, quantity);
        return trade.Type == "buy" ? Buy(holding, trade, quantity, principal, fees) : Sell(holding, trade, quantity, principal, fees);
    }

    private static TradeEffect Buy(Holding holding, TradeLine trade, decimal quantity, decimal? principal, decimal fees)
    {
        if (principal is not { } cost)
        {
            holding.Uncosted += quantity;
            return new TradeEffect([new Move(quantity, null, null)], -fees, fees, 0);
        }

        // More was sold before than the trades tell of: these units make it good, and how many of them are left over is as uncertain.
        if (holding.Uncosted < 0)
        {
            holding.Uncosted += quantity;
            return new TradeEffect([new Move(quantity, null, cost)], -cost - fees, fees, 0);
        }

        var lot = new Lot(quantity, cost, trade.Currency, trade.Day, trade.ExternalId);
        holding.Lots.AddLast(lot);
        return new TradeEffect([new Move(quantity, lot, cost)], -cost - fees, fees, 0);
    }

    private static TradeEffect Sell(Holding holding, TradeLine trade, decimal quantity, decimal? principal, decimal fees)
    {
        var moves = new List<Move>();
        var share = principal is { } proceeds ? new Shares(proceeds, quantity, trade.Currency) : null;
        var (left, lots, basis, weight) = (quantity, holding.Lots.First, 0m, 0m);
        if (holding.Uncosted > 0)
            TakeUncosted(Math.Min(left, holding.Uncosted));
        var (exact, told) = (0m, 0m);
        while (left > 0 && lots is { } node)
        {
            lots = node.Next;
            var lot = node.Value;
            if (lot.Currency != trade.Currency)
                continue;
            var taken = Math.Min(left, lot.Quantity);
            left -= taken;
            exact += taken == lot.Quantity ? lot.Cost : lot.Cost / lot.Quantity * taken;
            // Rounded as a whole, not each: the sum stays within half a minor unit of what it is exactly.
            var value = Rounding.ToMinorUnit(exact, trade.Currency) - told;
            told += value;
            moves.Add(new Move(-taken, lot, value));
            if (taken == lot.Quantity)
                holding.Lots.Remove(node);
            else
                node.Value = lot with { Quantity = lot.Quantity - taken, Cost = lot.Cost / lot.Quantity * (lot.Quantity - taken) };
        }

        basis = told;
        if (left > 0)
            TakeUncosted(left);
        return share is null
            ? new TradeEffect(moves, basis - fees, fees, 0)
            : new TradeEffect(moves, principal!.Value - fees, fees, principal.Value - basis - weight);

        void TakeUncosted(decimal units)
        {
            holding.Uncosted -= units;
            left -= units;
            var value = share?.Next(units);
            weight += value ?? 0;
            moves.Add(new Move(-units, null, value));
        }
    }

    // A total includes fees at some providers and not at others; price times quantity never does.
    private static decimal? Principal(TradeLine trade, decimal quantity)
    {
        try
        {
            var principal = trade.Price is { } price ? price * quantity : trade.TotalAmount is { } total ? Math.Abs(total) : (decimal?)null;
            return principal >= 0 ? Rounding.ToMinorUnit(principal.Value, trade.Currency) : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private Holding Of(long accountId, string security)
    {
        if (!_holdings.TryGetValue((accountId, security), out var holding))
            _holdings.Add((accountId, security), holding = new Holding());
        return holding;
    }

    private sealed class Holding
    {
        /// <summary>Units of unknown cost; negative when more was sold than the trades tell of.</summary>
        public decimal Uncosted { get; set; }

        public LinkedList<Lot> Lots { get; } = [];
    }

    /// <summary>Divides an amount by units so that the parts, rounded, add up to it.</summary>
    private sealed class Shares(decimal amount, decimal units, string currency)
    {
        private decimal _taken;
        private decimal _told;

        public decimal Next(decimal part)
        {
            _taken += part;
            var value = (_taken == units ? amount : Rounding.ToMinorUnit(amount / units * _taken, currency)) - _told;
            _told += value;
            return value;
        }
    }
}

/// <summary>Amounts in a currency's own decimals.</summary>
internal static class Rounding
{
    public static decimal ToMinorUnit(decimal amount, string currency) =>
        Currencies.TryGetExponent(currency, out var decimals) ? Math.Round(amount, decimals, MidpointRounding.ToEven) : amount;
}
