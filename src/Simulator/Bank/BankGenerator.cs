using Redbark.Sync.Contracts;

namespace Redbark.Sync.Simulator.Bank;

/// <summary>Makes a bank out of a seed, and goes on spending in it.</summary>
public sealed class BankGenerator
{
    private static readonly (string Name, string Type, string Currency, long Opening)[] Templates =
    [
        ("Everyday Account", "transaction", "AUD", 412_050),
        ("Low Rate Credit Card", "credit-card", "AUD", -84_215),
        ("Travel Yen", "transaction", "JPY", 182_000),
        ("Bonus Saver", "savings", "AUD", 2_500_000),
        ("Dinar Account", "transaction", "KWD", 950_125),
        ("Home Loan", "loan", "AUD", -99_767_200),
    ];

    private static readonly (string Symbol, string Name, decimal Price)[] Securities =
    [
        ("VOO", "Vanguard S&P 500 ETF", 465.2m), ("VAS", "Vanguard Australian Shares ETF", 97.31m), ("BRK.B", "Berkshire Hathaway B", 412.055m),
    ];

    private readonly BankOptions _options;
    private readonly SimulatedBank _bank;
    private readonly Random _random;
    private readonly IdSequence _ids;
    private readonly Lock _gate = new();

    private BankGenerator(BankOptions options, TimeProvider clock)
    {
        _options = options;
        _random = new Random(options.Seed);
        _ids = new IdSequence(options.Seed, "bank");
        _bank = new SimulatedBank(options.Seed, TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone), new BankClock(clock, options.Behind));
    }

    /// <summary>The bank.</summary>
    public SimulatedBank Bank => _bank;

    /// <summary>Makes a bank whose rows end at the clock's present.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or there is no account.</exception>
    /// <exception cref="TimeZoneNotFoundException">The zone is unknown on this machine.</exception>
    public static BankGenerator Create(BankOptions options, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Accounts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Days, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(options.PendingRows);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Trades);

        var generator = new BankGenerator(options, clock);
        generator.OpenAccounts();
        generator.PostHistory();
        generator.PostTrades(options.Trades);
        return generator;
    }

    /// <summary>Posts rows that happened in the last hour, over all accounts.</summary>
    public IReadOnlyList<BankTransaction> PostRows(int count, TransactionStatus status = TransactionStatus.Posted)
    {
        lock (_gate)
        {
            var accounts = BankingAccounts();
            var posted = new List<BankTransaction>(count);
            for (var i = 0; i < count; i++)
            {
                var at = _bank.Clock.GetUtcNow() - TimeSpan.FromSeconds(_random.Next(3600));
                posted.Add(_bank.Post(Row(accounts[i % accounts.Length], Exactly(at), status, RowShape.Newest)));
            }

            return posted;
        }
    }

    /// <summary>Posts trades of the last days in the brokerage account.</summary>
    /// <exception cref="InvalidOperationException">The bank has no brokerage account.</exception>
    public IReadOnlyList<BankTrade> PostTrades(int count)
    {
        lock (_gate)
        {
            if (count == 0)
                return [];

            var account = _bank.Accounts.FirstOrDefault(account => account.IsBrokerage)
                ?? throw new InvalidOperationException("The bank has no brokerage account: its options ask for no trades.");
            var posted = new List<BankTrade>(count);
            for (var i = 0; i < count; i++)
                posted.Add(_bank.Post(Trade(account)));
            return posted;
        }
    }

    private void OpenAccounts()
    {
        var now = _bank.Clock.GetUtcNow();
        var connection = new BankConnection
        {
            Id = _ids.NextUuid(),
            PublicId = _ids.NextShort("conn_"),
            Provider = "fiskil",
            Category = "banking",
            InstitutionId = "77",
            InstitutionName = "Westpac",
            InstitutionLogo = "https://cdn.redbark.co/logos/westpac.png",
            CreatedAt = Exactly(now.AddDays(-_options.Days)),
            LastRefreshedAt = Exactly(now),
        };
        _bank.Open(connection);
        for (var i = 0; i < _options.Accounts; i++)
        {
            var (name, type, currency, opening) = Templates[i % Templates.Length];
            if (_options.Quirks.HasFlag(BankQuirks.SharedNames) && i % 2 == 1)
                name = Templates[(i - 1) % Templates.Length].Name;
            _bank.Open(Account(connection, name, type, currency, opening));
        }

        if (_options.Trades == 0)
            return;

        var broker = connection with
        {
            Id = _ids.NextUuid(),
            PublicId = _ids.NextShort("conn_"),
            Provider = "snaptrade",
            Category = "brokerage",
            InstitutionId = _ids.NextUuid().ToString(),
            InstitutionName = "Stake",
            InstitutionLogo = null,
            CreatedAt = connection.CreatedAt.AddMinutes(5),
        };
        _bank.Open(broker);
        _bank.Open(Account(broker, "Trading Account", "investment", "USD", 0));
    }

    private BankAccount Account(BankConnection connection, string name, string type, string currency, long opening) => new()
    {
        Id = _ids.NextUuid(),
        PublicId = _ids.NextShort("acct_"),
        ConnectionId = connection.Id,
        Name = name,
        Type = type,
        Currency = currency,
        AccountNumber = $"xxxx{_random.Next(1000, 10_000)}",
        OpeningMinorUnits = opening,
        IsBrokerage = connection.IsBrokerage,
    };

    private void PostHistory()
    {
        var accounts = BankingAccounts();
        var now = _bank.Clock.GetUtcNow();
        var span = TimeSpan.FromDays(_options.Days);
        BankTransaction? last = null;
        for (var i = 0; i < _options.Rows; i++)
        {
            // The booking instant stays in the past, so that "posted" is true.
            var at = Exactly(now - span + (span - TimeSpan.FromDays(1)) * ((double)i / _options.Rows) + TimeSpan.FromMinutes(_random.Next(60)));
            var twin = last is { Shape: RowShape.Newest, IsHold: false } && Chance(BankQuirks.IdenticalTwins, 40);
            var shape = i < accounts.Length * 5 ? RowShape.Newest : Shape();
            last = twin
                ? last! with { Id = _bank.NextTransactionId() }
                : Row(accounts[i % accounts.Length], at, TransactionStatus.Posted, shape);
            _bank.Post(last);
        }

        for (var i = 0; i < _options.PendingRows; i++)
        {
            var at = Exactly(now - TimeSpan.FromMinutes(_random.Next(2 * 24 * 60)));
            _bank.Post(Row(accounts[i % accounts.Length], at, TransactionStatus.Pending, RowShape.Newest));
        }
    }

    private BankTransaction Row(BankAccount account, DateTimeOffset at, TransactionStatus status, RowShape shape)
    {
        var income = _random.Next(100) < 18;
        var kind = income ? Narrations.Income[_random.Next(Narrations.Income.Length)] : Narrations.Spending[_random.Next(Narrations.Spending.Length)];
        if (Chance(BankQuirks.ZeroAmounts, 60))
            (kind, income) = (Narrations.CardCheck, false);

        var minorUnits = (long)_random.Next(kind.From, kind.To + 1);
        var merchant = kind.Merchant is not null && Chance(BankQuirks.PaddedMerchants, 6) ? kind.Merchant.PadRight(24) : kind.Merchant;
        var hold = status == TransactionStatus.Posted && merchant is not null && minorUnits > 0 && !income && Chance(BankQuirks.HoldsAsPosted, 50);
        var code = kind.Category;
        return new BankTransaction
        {
            Id = _bank.NextTransactionId(),
            AccountId = account.Id,
            Status = status,
            MinorUnits = income ? minorUnits : -minorUnits,
            Description = hold ? "AUTHORISATION" : Digits(kind.Description),
            OccurredAt = at,
            PostedAt = status == TransactionStatus.Posted ? Earlier(at + TimeSpan.FromMinutes(_random.Next(12 * 60)), _bank.Clock.GetUtcNow()) : null,
            MerchantName = merchant,
            Category = !Chance(BankQuirks.CategoryForms, 8) ? code : _random.Next(2) == 0 ? Categories.LabelOf(code) : null,
            CustomCategory = Chance(BankQuirks.CategoryForms, 15) ? "Household" : null,
            MerchantCategoryCode = kind.MerchantCategoryCode,
            Reference = _random.Next(4) == 0 ? _random.Next(0x1000000).ToString("x6") : null,
            Class = kind.Class,
            IsHold = hold,
            Shape = shape,
        };
    }

    private BankTrade Trade(BankAccount account)
    {
        var (symbol, name, basePrice) = Securities[_random.Next(Securities.Length)];
        var held = _bank.Holdings(account.Id).FirstOrDefault(holding => holding.Symbol == symbol)?.Quantity ?? 0;
        var sell = held > 2 && _random.Next(4) == 0;
        var quantity = sell ? decimal.Round(held / 2, 4) : _random.Next(1, 400_000) / 10_000m;
        var price = basePrice + _random.Next(-20_000, 20_000) / 1000m;
        var day = _bank.Today.AddDays(-_random.Next(3, Math.Max(4, _options.Days)));
        var type = sell ? "sell" : "buy";
        return new BankTrade
        {
            Id = $"{day:yyyy-MM-dd}-{symbol}-{type.ToUpperInvariant()}-{price}-{quantity}-{day.AddDays(2):yyyy-MM-dd}-{_bank.Trades.Count + 1}-",
            AccountId = account.Id,
            Symbol = symbol,
            Name = name,
            Type = type,
            Quantity = quantity,
            Price = price,
            Fees = _random.Next(0, 300) / 100m,
            Currency = Chance(BankQuirks.MixedCase, 2) ? "USD" : "usd",
            TradeDate = day,
            SettlementDate = day.AddDays(2),
        };
    }

    private BankAccount[] BankingAccounts() => [.. _bank.Accounts.Where(account => !account.IsBrokerage)];

    private RowShape Shape() =>
        Chance(BankQuirks.OldShape, 20) ? RowShape.Old
        : Chance(BankQuirks.NullCurrency, 20) ? RowShape.NullCurrency
        : Chance(BankQuirks.MixedCase, 10) ? RowShape.UpperCaseCurrency
        : Chance(BankQuirks.DayOnly, 10) ? RowShape.DayOnly
        : RowShape.Newest;

    private bool Chance(BankQuirks quirk, int oneIn) => _options.Quirks.HasFlag(quirk) && _random.Next(oneIn) == 0;

    private string Digits(string pattern) => string.Concat(pattern.Select(c => c == '#' ? (char)('0' + _random.Next(10)) : c));

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>Live instants have 7 fractional digits, the last four of them zero (spec 7.4).</summary>
    private static DateTimeOffset Exactly(DateTimeOffset instant) => new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
}
