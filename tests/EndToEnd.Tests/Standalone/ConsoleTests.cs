using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Standalone;

/// <summary>How a person gets into the console of a process of their own.</summary>
public sealed partial class ConsoleTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.InMemory("console");

    private string SettingsFile => Path.Combine(_directory.Path, "redbark.json");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_password_is_written_beside_the_other_settings_for_the_owner_alone()
    {
        var first = await SetAsync("correct horse battery staple\n", "--save");
        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SettingsFile));
        Assert.DoesNotContain("correct horse", first.Output + File.ReadAllText(SettingsFile), StringComparison.Ordinal);

        File.WriteAllText(SettingsFile, """{ "Urls": "http://127.0.0.1:1", "Console": { "SessionLength": "01:00:00" } }""");
        Assert.Equal(0, (await SetAsync("another good password\n", "--save")).ExitCode);
        var settings = JsonNode.Parse(File.ReadAllText(SettingsFile))!;
        Assert.Equal("http://127.0.0.1:1", (string?)settings["Urls"]);
        Assert.Equal("01:00:00", (string?)settings["Console"]!["SessionLength"]);
        Assert.True(Worker.SignIn.PasswordHashes.Matches((string)settings["Console"]!["PasswordHash"]!, "another good password"));
    }

    [Fact]
    public async Task Without_saving_the_setting_is_printed()
    {
        var run = await SetAsync("correct horse battery staple\n");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\"PasswordHash\"", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(SettingsFile));
    }

    [Theory]
    [InlineData("short\n")]
    [InlineData("")]
    public async Task A_password_that_is_too_short_is_refused(string input)
    {
        var run = await SetAsync(input, "--save");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("12 characters or more", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(SettingsFile));
    }

    [Fact]
    public async Task The_link_that_is_printed_at_start_signs_in_once()
    {
        await using var standalone = new StandaloneProcess();
        await standalone.Process.StartAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(Link().IsMatch(standalone.Process.Output)), "the link is printed", () => standalone.Process.Output);
        var link = Link().Match(standalone.Process.Output).Value;
        Assert.Equal(HttpStatusCode.SeeOther, await StatusAsync(link));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(link));
    }

    private static async Task<HttpStatusCode> StatusAsync(string link)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await client.GetAsync(link);
        return answer.StatusCode;
    }

    private Task<CommandRun> SetAsync(string input, params string[] arguments) =>
        CommandRun.StartAsync(new() { ["REDBARK_CONFIG"] = SettingsFile }, input, ["set-password", .. arguments]);

    [GeneratedRegex("http://[^ ]+/sign-in/link[?]token=[0-9a-f]{64}")]
    private static partial Regex Link();
}
