using System.Text;

namespace Redbark.Sync.Wire.Tests;

public sealed class SigningSecretTests
{
    [Theory]
    [InlineData("test-secret\n")]
    [InlineData("test-secret\r\n")]
    [InlineData("test-secret")]
    public void One_line_end_at_the_end_of_a_file_is_not_part_of_the_secret(string content) =>
        Assert.Equal(Sign(SigningSecret.FromText("a", "test-secret")), Sign(SigningSecret.FromFileContent("a", Encoding.UTF8.GetBytes(content))));

    [Theory]
    [InlineData("test-secret\n\n", "test-secret\n")]
    [InlineData(" test-secret \n", " test-secret ")]
    [InlineData("whsec_dGVzdA==\n", "whsec_dGVzdA==")]
    [InlineData("a\r\r\n", "a\r")]
    [InlineData("a\r", "a\r")]
    public void Nothing_else_is_trimmed_or_decoded(string content, string secret) =>
        Assert.Equal(Sign(SigningSecret.FromText("a", secret)), Sign(SigningSecret.FromFileContent("a", Encoding.UTF8.GetBytes(content))));

    [Fact]
    public void A_secret_has_1_to_4096_characters()
    {
        Assert.Throws<ArgumentException>(() => SigningSecret.FromText("a", ""));
        Assert.Throws<ArgumentException>(() => SigningSecret.FromFileContent("a", "\n"u8));
        Assert.Throws<ArgumentException>(() => SigningSecret.FromText("a", new string('x', 4097)));
        Assert.StartsWith("sha256=", Sign(SigningSecret.FromText("a", new string('é', 4096))));
    }

    [Fact]
    public void A_refused_secret_is_not_shown()
    {
        var error = Assert.Throws<ArgumentException>(() => SigningSecret.FromText("Secrets:0", "hush" + new string('x', 4096)));
        Assert.DoesNotContain("hush", error.Message);
        Assert.Contains("Secrets:0", error.Message);
    }

    [Fact]
    public void A_secret_prints_as_its_name() => Assert.Equal("Secrets:0", $"{SigningSecret.FromText("Secrets:0", "hush")}");

    private static string Sign(SigningSecret secret) => WebhookSignature.Sign("{}"u8, 1741243200, secret);
}
