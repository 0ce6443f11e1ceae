using System.Globalization;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary>The command line: exit codes, and what it says when something is missing or wrong.</summary>
public sealed class CommandTests : IDisposable
{
    private const string Secret = "the secret";

    private readonly TemporaryDirectory _directory = TemporaryDirectory.InMemory("commands");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Up_without_a_feed_says_how_to_configure_one()
    {
        var run = await RunAsync([], "up");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no feed is configured", run.Output);
        Assert.Contains("Feeds__redbark__Secrets__0", run.Output);
    }

    [Fact]
    public async Task Up_with_a_feed_that_has_no_secret_names_the_key()
    {
        var run = await RunAsync(new() { ["Feeds__redbark__TimeZone"] = "Australia/Perth" }, "up");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Feeds:redbark", run.Output);
    }

    [Fact]
    public async Task A_misspelt_option_is_refused()
    {
        var run = await RunAsync([], "up", "--kepe");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--kepe", run.Output);
    }

    [Fact]
    public async Task Sending_to_nobody_says_so()
    {
        var run = await RunAsync(new() { ["REDBARK_SECRET"] = Secret }, "send", Body("{}"), "--url", $"http://127.0.0.1:{FreePort.Next()}/webhooks/redbark");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("does not answer", run.Output);
    }

    [Fact]
    public async Task Verify_accepts_a_good_signature_and_names_the_secret()
    {
        var run = await VerifyAsync("{\"a\":1}", "{\"a\":1}"u8.ToArray());
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Signed with REDBARK_SECRET", run.Output);
    }

    [Fact]
    public async Task Verify_recognises_a_line_end_that_an_editor_added()
    {
        var run = await VerifyAsync("{\"a\":1}\n", "{\"a\":1}"u8.ToArray());
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("signature_mismatch", run.Output);
        Assert.Contains("the last line end removed", run.Output);
    }

    [Fact]
    public async Task Doctor_fails_where_nothing_is_set_up_and_says_what_to_do()
    {
        var run = await RunAsync(new() { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePort.Next()}" }, "doctor");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("FAIL feeds", run.Output);
        Assert.Contains("ok   database", run.Output);
        Assert.Contains("is redbark-sync up running?", run.Output);
    }

    private async Task<CommandRun> VerifyAsync(string body, byte[] signedBody)
    {
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var signature = WebhookSignature.Sign(signedBody, timestamp, SigningSecret.FromText("x", Secret));
        return await RunAsync(
            new() { ["REDBARK_SECRET"] = Secret },
            "verify", Body(body), "--signature", signature, "--timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
    }

    private string Body(string text)
    {
        var path = Path.Combine(_directory.Path, "body.json");
        File.WriteAllText(path, text);
        return path;
    }

    private Task<CommandRun> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        settings["Data__Directory"] = Path.Combine(_directory.Path, "data");
        settings["REDBARK_CONFIG"] = Path.Combine(_directory.Path, "redbark.json");
        return CommandRun.StartAsync(settings, arguments);
    }
}
