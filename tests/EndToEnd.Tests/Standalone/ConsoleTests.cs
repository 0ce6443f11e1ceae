using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
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

    [Theory]
    [InlineData("""{ "console": { "passwordHash": "old", "SessionLength": "01:00:00" } }""")]
    [InlineData("""{ "Console": { "SessionLength": "01:00:00" }, "CONSOLE": { "PASSWORDHASH": "old" } }""")]
    [InlineData("""{ "console:passwordhash": "old", "Console": { "SessionLength": "01:00:00" } }""")]
    [InlineData("""{ "Console:PasswordHash": "old", "Console:SessionLength": "01:00:00" }""")]
    [InlineData("""{ "console": { "SessionLength": "01:00:00", }, }""")]
    [InlineData("""{ "Console": null, "Console:SessionLength": "01:00:00" }""")]
    public async Task A_password_replaces_the_one_that_is_there_however_its_key_is_written(string before)
    {
        File.WriteAllText(SettingsFile, before);
        var run = await SetAsync("correct horse battery staple\n", "--save");
        Assert.True(run.ExitCode == 0, run.Output);
        var settings = new ConfigurationBuilder().AddJsonFile(SettingsFile).Build();
        Assert.True(Worker.SignIn.PasswordHashes.Matches(settings["Console:PasswordHash"]!, "correct horse battery staple"));
        Assert.Equal("01:00:00", settings["Console:SessionLength"]);
    }

    [Theory]
    [InlineData("""{ /* ours */ "Urls": "http://127.0.0.1:1" }""", "it holds comments, which would be lost; nothing was changed. Write there by hand: \"Console\": { \"PasswordHash\": \"")]
    [InlineData("{\n  // ours\n}\n", "it holds comments")]
    [InlineData("""{ "Console": "x" }""", "Console: expected a JSON object")]
    [InlineData("""{ "Urls": "1", "Urls": "2" }""", "Urls")]
    [InlineData("""[]""", "must be an object")]
    [InlineData("""{""", "redbark.json")]
    public async Task A_file_that_would_lose_something_stays_as_it_is(string before, string expected)
    {
        File.WriteAllText(SettingsFile, before);
        var run = await SetAsync("correct horse battery staple\n", "--save");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Said, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(SettingsFile));
        Assert.Equal([SettingsFile], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Without_saving_the_hash_is_printed_and_nothing_else()
    {
        var run = await SetAsync("correct horse battery staple\n");
        Assert.Equal(0, run.ExitCode);
        Assert.True(Worker.SignIn.PasswordHashes.Matches(run.Printed.TrimEnd(), "correct horse battery staple"));
        Assert.Equal(1, run.Printed.Count(letter => letter == '\n'));
        Assert.Contains("Console__PasswordHash", run.Said, StringComparison.Ordinal);
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
