using System.Buffers.Binary;
using System.Text;

namespace Redbark.Sync.Testing.Otlp;

/// <summary>The fields of one protobuf message, by their numbers; enough of the format to read what an exporter sends.</summary>
internal sealed class Protobuf
{
    private readonly List<(int Field, ReadOnlyMemory<byte> Bytes, ulong Number)> _fields = [];

    private Protobuf(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message.Span, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((field, default, Varint(message.Span, ref at)));
                    break;
                case 1:
                    _fields.Add((field, default, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..])));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    _fields.Add((field, message.Slice(at, length), 0));
                    at += length;
                    break;
                case 5:
                    _fields.Add((field, default, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..])));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Field {field} has wire type {tag & 7}, which no OTLP message uses.");
            }
        }
    }

    public static Protobuf Read(ReadOnlyMemory<byte> message) => new(message);

    public IEnumerable<Protobuf> Messages(int field) => _fields.Where(found => found.Field == field).Select(found => new Protobuf(found.Bytes));

    public Protobuf? Message(int field) => Messages(field).FirstOrDefault();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public ulong Number(int field) => _fields.Find(found => found.Field == field).Number;

    public bool Has(int field) => _fields.Exists(found => found.Field == field);

    private ReadOnlyMemory<byte> Bytes(int field) => _fields.Find(found => found.Field == field).Bytes;

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
