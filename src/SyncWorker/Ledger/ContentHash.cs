using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Worker.Ledger;

/// <summary>
/// The first 16 bytes of the SHA-256 over everything the bank says in a row, as it says it: a row without a currency hashes as one,
/// whatever currency its account has.
/// </summary>
internal sealed class ContentHash
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public Guid Of(TransactionRow row)
    {
        _buffer.ResetWrittenCount();
        Text(row.ExternalId);
        Number((int)row.Status);
        Number(row.MinorUnits);
        Text(row.Currency);
        Number(row.BookedOn.DayNumber);
        Number(row.PostedOn?.DayNumber);
        Number(row.OccurredAt?.UtcTicks / TimeSpan.TicksPerMicrosecond);
        Text(row.Description);
        Text(row.ExtendedDescription);
        Text(row.MerchantName);
        Text(row.Category);
        Text(row.CustomCategory);
        Text(row.MerchantCategoryCode);
        Text(row.Reference);
        Text(row.Class);
        return Hash();
    }

    public Guid Of(TradeRow row)
    {
        _buffer.ResetWrittenCount();
        Text(row.ExternalId);
        Text(row.Type);
        Text(row.Symbol);
        Text(row.Name);
        Figure(row.Quantity);
        Figure(row.Price);
        Figure(row.TotalAmount);
        Figure(row.Fees);
        Text(row.Currency);
        Number(row.TradedOn.DayNumber);
        Number(row.SettledOn?.DayNumber);
        Text(row.Description);
        return Hash();
    }

    /// <summary>A hash of several texts; where one ends and the next begins counts.</summary>
    public Guid Of(params ReadOnlySpan<string?> texts)
    {
        _buffer.ResetWrittenCount();
        foreach (var text in texts)
            Text(text);
        return Hash();
    }

    private Guid Hash()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer.WrittenSpan, hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    private void Text(string? text)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), -1);
            _buffer.Advance(4);
            return;
        }

        var span = _buffer.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, span[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        _buffer.Advance(4 + length);
    }

    private void Number(long? number)
    {
        var span = _buffer.GetSpan(9);
        span[0] = number is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(span[1..], number ?? 0);
        _buffer.Advance(9);
    }

    // 4.50 and 4.5 are the same figure.
    private void Figure(decimal? figure) => Text(figure?.ToString("0.############################", null));
}
