using System.Globalization;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Bench.Load;

/// <summary>Deliveries of realistic rows (about 700 bytes each), every row with an id of its own.</summary>
internal sealed class Bodies(int seed)
{
    private const int Accounts = 3;

    private readonly Random _random = new(seed);
    private long _created = 1_786_671_600;
    private int _rows;

    public byte[] Next(int rows) => EnvelopeWriter.Write(new WireEnvelope
    {
        Id = NextGuid().ToString(),
        Type = EventTypes.TransactionsSynced,
        Created = ++_created,
        New = [.. Enumerable.Range(0, rows).Select(_ => Row())],
        Metadata = new WireMetadata(string.Create(CultureInfo.InvariantCulture, $"run_{_created}"), rows, 0),
    });

    private WireTransaction Row()
    {
        var account = _rows++ % Accounts;
        var day = new DateOnly(2026, 1, 1).AddDays(_random.Next(220));
        var instant = $"{day:yyyy-MM-dd}T{_random.Next(24):00}:{_random.Next(60):00}:{_random.Next(60):00}.5660000Z";
        return new WireTransaction
        {
            Id = $"bank_tx_{Hex()}{Hex()}",
            Amount = -_random.Next(1, 500_000),
            Description = $"Card purchase {_random.Next(100_000)}  MERCHANT {_random.Next(1000)} SYDNEY NSW",
            AccountId = $"6af4be01-a492-4f4b-93c9-da6dd1f9314{account}",
            AccountPublicId = $"acct_47179cb447179cb44717{account}",
            AccountName = "Purple Transactor Account",
            LocalDate = $"{day:yyyy-MM-dd}",
            TransactionDate = instant,
            PostDate = instant,
            MerchantName = $"Merchant {_random.Next(1000)}",
            Category = "FOOD_AND_DRINK",
            MerchantCategoryCode = "5411",
        };
    }

    private string Hex() => NextGuid().ToString("n");

    private Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
