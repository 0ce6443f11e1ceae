using System.Text;

namespace Redbark.Sync.Wire.Tests;

public sealed class ThinEventSignatureTests
{
    /// <summary>Spec 4.1.</summary>
    private const string Event = """{"id":"evt_123","object":"event","type":"sync_run.succeeded","livemode":true,"created":"2026-10-03T00:00:00.000Z"}""";
    private const string Digest = "e910aabe9dfabdc6420425c5df5c1bdadecd1068472df655f3b56c551f89ac2b";
    private const string Header = "t=1790985600,v1=" + Digest;

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(Event);
    private static readonly SigningSecret Secret = SigningSecret.FromText("Secrets:0", "test-secret");
    private static readonly SigningSecret Old = SigningSecret.FromText("Secrets:1", "old-secret");
    private static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1790985600);

    [Fact]
    public void The_vector_of_the_specification_holds()
    {
        Assert.Equal(114, Body.Length);
        Assert.Equal(Header, ThinEventSignature.Sign(Body, 1790985600, Secret));
        Assert.Equal(new SignatureResult(SignatureVerdict.Valid, Secret, SignedAt), Verify(Header));
    }

    [Fact]
    public void While_two_secrets_live_either_of_them_verifies()
    {
        var header = ThinEventSignature.Sign(Body, 1790985600, Old, Secret);
        Assert.Equal(2, header.Split("v1=").Length - 1);
        Assert.Same(Secret, Verify(header).MatchedSecret);
        Assert.Same(Old, Verify(header, secrets: [Old]).MatchedSecret);
        Assert.Equal(SignatureVerdict.SignatureMismatch, Verify(header, secrets: [SigningSecret.FromText("Secrets:2", "x")]).Verdict);
    }

    [Theory]
    [InlineData(null, SignatureVerdict.SignatureMissing)]
    [InlineData("", SignatureVerdict.SignatureMissing)]
    [InlineData("t=1790985600", SignatureVerdict.SignatureMalformed)]
    [InlineData("t=1790985600,v1=abc", SignatureVerdict.SignatureMalformed)]
    [InlineData("t=1790985600,v0=" + Digest, SignatureVerdict.SignatureMalformed)]
    [InlineData("v1=" + Digest, SignatureVerdict.TimestampMissing)]
    [InlineData("t=1790985600,t=1790985600,v1=" + Digest, SignatureVerdict.TimestampMalformed)]
    [InlineData("t=soon,v1=" + Digest, SignatureVerdict.TimestampMalformed)]
    [InlineData("t=1790985601,v1=" + Digest, SignatureVerdict.SignatureMismatch)]
    [InlineData("v1=" + Digest + ", t=1790985600, v2=later", SignatureVerdict.Valid)]
    public void The_header_is_read_strictly_but_for_order_and_other_schemes(string? header, SignatureVerdict verdict) =>
        Assert.Equal(verdict, Verify(header).Verdict);

    [Theory]
    [InlineData(300, SignatureVerdict.Valid)]
    [InlineData(-300, SignatureVerdict.Valid)]
    [InlineData(301, SignatureVerdict.TimestampOutsideTolerance)]
    [InlineData(-301, SignatureVerdict.TimestampOutsideTolerance)]
    public void The_tolerance_ends_after_300_seconds_both_ways(int secondsLater, SignatureVerdict verdict) =>
        Assert.Equal(verdict, Verify(Header, SignedAt.AddSeconds(secondsLater)).Verdict);

    [Fact]
    public void Nothing_is_signed_without_a_secret() => Assert.Throws<ArgumentException>(() => ThinEventSignature.Sign(Body, 1790985600));

    private static SignatureResult Verify(string? header, DateTimeOffset? now = null, IReadOnlyList<SigningSecret>? secrets = null) =>
        ThinEventSignature.Verify(Body, header, secrets ?? [Secret], now ?? SignedAt, WebhookSignature.DefaultTolerance);
}
