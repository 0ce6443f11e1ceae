using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Redbark.Sync.Wire.Tests;

public sealed class WebhookSignatureTests
{
    private const string Event = """{"id":"a1b2c3d4-e5f6-7890-abcd-ef1234567890","object":"event","type":"transactions.synced"}""";
    private const string NonAscii = """{"id":"a1b2c3d4-e5f6-7890-abcd-ef1234567890","d":"Café – Bondi"}""";

    private static readonly SigningSecret Secret = SigningSecret.FromText("Secrets:0", "test-secret");
    private static readonly SigningSecret Other = SigningSecret.FromText("Secrets:1", "another-secret");
    private static readonly TimeSpan Tolerance = WebhookSignature.DefaultTolerance;
    private static readonly DateTimeOffset SignedAt = DateTimeOffset.FromUnixTimeSeconds(1741243200);

    /// <summary>Spec 1.2.</summary>
    [Theory]
    [InlineData("test-secret", 1741243200, Event, 91, "sha256=33504aae4156a91dac8330bec2b372f3877deb14763d34834f02672da750b93c")]
    [InlineData("whsec_abc123", 1790985600, NonAscii, 67, "sha256=6497bc43587037ec4b7a8fff1389c26f7bd75d718852c3c313925043d7799243")]
    [InlineData("test-secret", 1741243200, "", 0, "sha256=26cf7a670f9523f93b017925eb96a02fbf477128640edab1a0499a78f8293a16")]
    public void The_vectors_of_the_specification_hold(string secret, long timestamp, string text, int length, string header)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var key = SigningSecret.FromText("Secrets:0", secret);

        Assert.Equal(length, body.Length);
        Assert.Equal(header, WebhookSignature.Sign(body, timestamp, key));
        var at = DateTimeOffset.FromUnixTimeSeconds(timestamp);
        Assert.Equal(
            new SignatureResult(SignatureVerdict.Valid, key, at),
            WebhookSignature.Verify(body, header, $"{timestamp}", [key], at, Tolerance));
    }

    [Fact]
    public void Upper_case_hex_is_accepted()
    {
        var header = "sha256=" + Sign()[7..].ToUpperInvariant();
        Assert.Equal(SignatureVerdict.Valid, Verify(header).Verdict);
    }

    [Theory]
    [InlineData(null, SignatureVerdict.SignatureMissing)]
    [InlineData("", SignatureVerdict.SignatureMissing)]
    [InlineData("33504aae4156a91dac8330bec2b372f3877deb14763d34834f02672da750b93c", SignatureVerdict.SignatureMalformed)]
    [InlineData("SHA256=33504aae4156a91dac8330bec2b372f3877deb14763d34834f02672da750b93c", SignatureVerdict.SignatureMalformed)]
    [InlineData("sha1=33504aae4156a91dac8330bec2b372f3877deb14763d34834f02672da750b93c", SignatureVerdict.SignatureMalformed)]
    [InlineData("sha256=", SignatureVerdict.SignatureMalformed)]
    [InlineData("sha256=33504aae4156a91dac8330bec2b372f3877deb14763d34834f02672da750b93", SignatureVerdict.SignatureMalformed)]
    [InlineData("sha256=33504aae4156a91dac8330bec2b372f3877deb14763d34834f02672da750b93c0", SignatureVerdict.SignatureMalformed)]
    [InlineData("sha256=33504aae4156a91dac8330bec2b372f3877deb14763d34834f02672da750b9xz", SignatureVerdict.SignatureMalformed)]
    [InlineData("sha256=33504aae4156a91dac8330bec2b372f3877deb14763d34834f02672da750b9é0", SignatureVerdict.SignatureMalformed)]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000000000", SignatureVerdict.SignatureMismatch)]
    public void Another_signature_has_its_own_verdict(string? header, SignatureVerdict verdict)
    {
        var result = Verify(header);
        Assert.Equal(verdict, result.Verdict);
        Assert.False(result.IsValid);
        Assert.Null(result.MatchedSecret);
    }

    [Theory]
    [InlineData(null, SignatureVerdict.TimestampMissing)]
    [InlineData("", SignatureVerdict.TimestampMissing)]
    [InlineData(" ", SignatureVerdict.TimestampMalformed)]
    [InlineData("-1741243200", SignatureVerdict.TimestampMalformed)]
    [InlineData("+1741243200", SignatureVerdict.TimestampMalformed)]
    [InlineData("1741243200.0", SignatureVerdict.TimestampMalformed)]
    [InlineData("1741243200 ", SignatureVerdict.TimestampMalformed)]
    [InlineData("1741243200,1741243200", SignatureVerdict.TimestampMalformed)]
    [InlineData("2025-03-06T06:40:00Z", SignatureVerdict.TimestampMalformed)]
    [InlineData("１７４１２４３２００", SignatureVerdict.TimestampMalformed)]
    [InlineData("1741243200000", SignatureVerdict.TimestampMalformed)]
    [InlineData("999999999999", SignatureVerdict.SignatureMismatch)]
    [InlineData("1741243201", SignatureVerdict.SignatureMismatch)]
    public void Another_timestamp_has_its_own_verdict(string? timestamp, SignatureVerdict verdict) =>
        Assert.Equal(verdict, WebhookSignature.Verify(Encoding.UTF8.GetBytes(Event), Sign(), timestamp, [Secret], SignedAt, Tolerance).Verdict);

    [Theory]
    [InlineData(0, SignatureVerdict.Valid)]
    [InlineData(300, SignatureVerdict.Valid)]
    [InlineData(-300, SignatureVerdict.Valid)]
    [InlineData(301, SignatureVerdict.TimestampOutsideTolerance)]
    [InlineData(-301, SignatureVerdict.TimestampOutsideTolerance)]
    [InlineData(86_400, SignatureVerdict.TimestampOutsideTolerance)]
    public void The_tolerance_ends_after_300_seconds_both_ways(int secondsLater, SignatureVerdict verdict)
    {
        var result = Verify(Sign(), now: SignedAt.AddSeconds(secondsLater));
        Assert.Equal(verdict, result.Verdict);
        Assert.Equal(SignedAt, result.SignedAt);
    }

    [Fact]
    public void An_old_request_with_a_wrong_signature_is_a_mismatch() =>
        Assert.Equal(SignatureVerdict.SignatureMismatch, Verify("sha256=" + new string('0', 64), now: SignedAt.AddDays(1)).Verdict);

    [Fact]
    public void A_timestamp_beyond_the_calendar_is_outside_the_tolerance()
    {
        var result = WebhookSignature.Verify([], SignText("999999999999."), "999999999999", [Secret], SignedAt, Tolerance);
        Assert.Equal(SignatureVerdict.TimestampOutsideTolerance, result.Verdict);
        Assert.Null(result.SignedAt);
    }

    [Fact]
    public void Each_of_two_secrets_is_tried_and_the_one_that_matched_is_named()
    {
        Assert.Same(Secret, Verify(Sign(), secrets: [Secret, Other]).MatchedSecret);
        Assert.Same(Secret, Verify(Sign(), secrets: [Other, Secret]).MatchedSecret);
        Assert.Equal(SignatureVerdict.SignatureMismatch, Verify(Sign(), secrets: [Other]).Verdict);
    }

    [Fact]
    public void Without_a_secret_nothing_matches() => Assert.Equal(SignatureVerdict.SignatureMismatch, Verify(Sign(), secrets: []).Verdict);

    [Fact]
    public void One_flipped_bit_of_the_body_is_a_mismatch() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyArray<byte>>(), ArbMap.Default.ArbFor<NonNegativeInt>(),
        (body, position) =>
        {
            var bytes = (byte[])body.Get.Clone();
            var header = WebhookSignature.Sign(bytes, 1741243200, Secret);
            var valid = WebhookSignature.Verify(bytes, header, "1741243200", [Secret], SignedAt, Tolerance).IsValid;

            var bit = position.Get % (bytes.Length * 8);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var flipped = WebhookSignature.Verify(bytes, header, "1741243200", [Secret], SignedAt, Tolerance).Verdict;
            return valid && flipped is SignatureVerdict.SignatureMismatch;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void One_flipped_bit_of_the_digest_is_a_mismatch()
    {
        var digest = Convert.FromHexString(Sign()[7..]);
        for (var bit = 0; bit < digest.Length * 8; bit++)
        {
            var flipped = (byte[])digest.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(SignatureVerdict.SignatureMismatch, Verify("sha256=" + Convert.ToHexStringLower(flipped)).Verdict);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(253_402_300_800)]
    public void A_time_outside_the_calendar_is_not_signed(long unixSeconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WebhookSignature.Sign([], unixSeconds, Secret));

    [Fact]
    public void Every_verdict_has_a_reason_of_its_own_and_says_what_to_mend()
    {
        var verdicts = Enum.GetValues<SignatureVerdict>();
        Assert.Equal(
            ["valid", "signature_missing", "signature_malformed", "signature_mismatch", "timestamp_missing", "timestamp_malformed", "timestamp_outside_tolerance"],
            verdicts.Select(verdict => verdict.Reason()));
        Assert.Equal(verdicts.Length, verdicts.Select(verdict => verdict.Explain()).Distinct().Count());
        Assert.Contains("clock", SignatureVerdict.TimestampOutsideTolerance.Explain());
        Assert.Contains("X-Redbark-Signature", SignatureVerdict.SignatureMissing.Explain());
    }

    private static string Sign() => WebhookSignature.Sign(Encoding.UTF8.GetBytes(Event), 1741243200, Secret);

    private static string SignText(string signed) =>
        "sha256=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("test-secret"u8, Encoding.UTF8.GetBytes(signed)));

    private static SignatureResult Verify(string? header, DateTimeOffset? now = null, IReadOnlyList<SigningSecret>? secrets = null) =>
        WebhookSignature.Verify(Encoding.UTF8.GetBytes(Event), header, "1741243200", secrets ?? [Secret], now ?? SignedAt, Tolerance);
}
