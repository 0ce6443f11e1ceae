using Microsoft.Extensions.Options;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Ingress.Tests;

public sealed class FeedTests : IDisposable
{
    private static readonly byte[] Body = "{}"u8.ToArray();

    private readonly TemporaryDirectory _directory = new("ingress");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("Feeds:redbark:Secrets:0", "", "Feeds:redbark:Secrets:0: expected a secret of 1 to 4096 characters, found 0 characters.")]
    [InlineData("Feeds:redbark:SecretFiles:0", "/no/such/file", "Feeds:redbark:SecretFiles:0: expected a file that can be read, found '/no/such/file'")]
    [InlineData("Feeds:redbark:SecretFiles:0", "/dev/null", "Feeds:redbark:SecretFiles:0: expected a file with a secret of 1 to 4096 characters, found '/dev/null'")]
    [InlineData("Feeds:redbark:TimeZone", "Mars/Olympus", "Feeds:redbark:TimeZone: expected an IANA time zone such as Australia/Sydney, found 'Mars/Olympus'.")]
    [InlineData("Feeds:redbark:Secret", "x", "Feeds:redbark:Secret: expected Secrets, SecretFiles, TimeZone or SilenceAfter, found 'Secret'.")]
    [InlineData("Feeds:redbark:Secrets", "x", "Feeds:redbark:Secrets: expected a list (Feeds:redbark:Secrets:0, Feeds:redbark:Secrets:1, …), found a single value.")]
    [InlineData("Feeds:other:TimeZone", "UTC", "Feeds:other: expected at least one secret (Secrets:0 or SecretFiles:0), found none.")]
    [InlineData("Feeds:Bad Name:Secrets:0", "x", "Feeds:Bad Name: expected a name of 1 to 64 characters a-z, 0-9, - and _, found 'Bad Name'.")]
    [InlineData("Journal:MaxBytes", "5", "Journal:MaxBytes: expected at least SegmentBytes (67108864), found 5.")]
    [InlineData("Webhooks:MaxBodyBytes", "0", "Webhooks:MaxBodyBytes: expected 1 to 1073741824 bytes, found 0.")]
    [InlineData("Relay:Window", "0", "Relay:Window: expected 1 to 10000, found 0.")]
    public async Task A_start_with_bad_configuration_fails_and_says_what_to_mend(string key, string value, string message)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => IngressDriver.StartAsync(_directory.Path, new() { [key] = value }));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(IngressDriver.Secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_is_too_long_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            IngressDriver.StartAsync(_directory.Path, new() { ["Feeds:redbark:Secrets:0"] = new string('x', 4097) }));
        Assert.Contains("found 4097 characters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_feed_nothing_starts()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            IngressDriver.StartAsync(_directory.Path, noFeed: true));
        Assert.StartsWith("Feeds: expected at least one feed with a secret, found none.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_in_files_rotate_without_a_gap_or_a_restart()
    {
        var path = Path.Combine(_directory.Path, "secret");
        await File.WriteAllTextAsync(path, "old\n");
        await using var ingress = await IngressDriver.StartAsync(_directory.Path, new() { ["Feeds:redbark:SecretFiles:0"] = path });
        Assert.Equal(200, (await ingress.SendAsync(IngressDriver.Signed(Body, "old"))).Status);
        Assert.Equal(200, (await ingress.SendAsync(IngressDriver.Signed(Body, IngressDriver.Secret))).Status);
        Assert.Equal(401, (await ingress.SendAsync(IngressDriver.Signed(Body, "new"))).Status);

        await File.WriteAllTextAsync(path, "");
        ingress.Configuration.Reload();
        await IngressDriver.UntilAsync(() => ingress.Logs.All.Any(line => line.Contains("The feeds stay as they were", StringComparison.Ordinal)));
        Assert.Equal(200, (await ingress.SendAsync(IngressDriver.Signed(Body, "old"))).Status);

        await File.WriteAllTextAsync(path, "new\r\n");
        for (var waited = 0; (await ingress.SendAsync(IngressDriver.Signed(Body, "new"))).Status != 200; waited++)
        {
            Assert.True(waited < 100, "The new secret was not taken up.");
            await Task.Delay(100);
        }

        Assert.Equal(401, (await ingress.SendAsync(IngressDriver.Signed(Body, "old"))).Status);
        using var cursor = ingress.Journal.ReadFrom(2);
        using var record = cursor.Read()!;
        Assert.Equal("Secrets:0", record.Entry.SecretName);
    }
}
