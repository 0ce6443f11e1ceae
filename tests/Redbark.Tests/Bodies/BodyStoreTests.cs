using FsCheck;
using FsCheck.Fluent;

namespace Redbark.Sync.Wire.Tests;

public sealed class BodyStoreTests
{
    [Fact]
    public void Any_body_comes_back_as_it_was() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), body =>
    {
        var stored = BodyStore.Pack(body);
        return stored.Length == body.Length && BodyStore.Unpack(stored).AsSpan().SequenceEqual(body);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_hash_is_of_the_body_in_lower_case_hex()
    {
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", BodyStore.Pack([]).Sha256);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", BodyStore.Pack("abc"u8).Sha256);
    }

    [Fact]
    public void A_body_of_rows_is_kept_in_a_fraction_of_its_size()
    {
        var rows = string.Join(",", Enumerable.Range(0, 500).Select(i => Samples.TransactionJson(("id", $"\"bank_tx_{i}\""))));
        var stored = BodyStore.Pack(System.Text.Encoding.UTF8.GetBytes(rows));
        Assert.True(stored.GZip.Length * 5 < stored.Length, $"{stored.GZip.Length} of {stored.Length} bytes");
    }

    [Fact]
    public void Damage_is_noticed()
    {
        var stored = BodyStore.Pack("a body that is kept"u8);
        Assert.Throws<InvalidDataException>(() => BodyStore.Unpack(stored with { Length = stored.Length + 1 }));
        Assert.Throws<InvalidDataException>(() => BodyStore.Unpack(stored with { Length = stored.Length - 1 }));
        Assert.Throws<InvalidDataException>(() => BodyStore.Unpack(stored with { Sha256 = new string('0', 64) }));
        Assert.Throws<InvalidDataException>(() => BodyStore.Unpack(stored with { GZip = [1, 2, 3] }));
    }
}
