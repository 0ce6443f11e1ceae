using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Console.Settings;

namespace Redbark.Sync.Worker.Tests.Console;

public sealed partial class ShownSettingsTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/settings.md")]
    public void Every_key_that_a_document_lists_is_shown_once_it_is_set(string document)
    {
        var keys = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).SelectMany(row => Key().Matches(row.Value)).Select(key => Named().Replace(key.Groups[1].Value, "0").Replace('*', 'X'))
            .Distinct().ToList();
        Assert.True(keys.Count > 15, "There are many.");
        Assert.Equal(keys.Order(StringComparer.Ordinal), Read(keys).Select(setting => setting.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_may_hold_a_secret_is_named_and_not_shown()
    {
        string[] keys =
        [
            "Notifications:WebhookUrl", "Notifications:WebhookSecret", "Notifications:Smtp:UserName", "Notifications:Smtp:Password", "Telemetry:Endpoint",
            "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_ENDPOINT", "Serilog:WriteTo:0:Args:apiKey", "Serilog:MinimumLevel:X:Secret:Y", "Kestrel:Certificates:Default:Password",
            "ConnectionStrings:Ledger", "Api:Tokens:0", "Console:PasswordHash", "Redbark:ApiKey", "Feeds:a:Secrets:0",
        ];
        Assert.All(Read(keys), setting => Assert.Null(setting.Value));
        Assert.Equal(keys.Length, Read(keys).Count);
    }

    [Theory]
    [InlineData("Notifications:RemindEvery")]
    [InlineData("Notifications:WebhookSecretFile")]
    [InlineData("Notifications:Smtp:Host")]
    [InlineData("Notifications:Smtp:To")]
    [InlineData("Telemetry:SampleRatio")]
    [InlineData("Serilog:MinimumLevel:Default")]
    [InlineData("Serilog:MinimumLevel:Override:Microsoft.AspNetCore")]
    [InlineData("Export:Accounts:acct_1")]
    [InlineData("Revolut:Consents:own:EndsAt")]
    public void What_is_harmless_is_shown(string key) => Assert.Equal("x", Assert.Single(Read([key])).Value);

    private static IReadOnlyList<ShownSetting> Read(IEnumerable<string> keys) =>
        new ShownSettings(new ConfigurationBuilder().AddInMemoryCollection(keys.Select(key => KeyValuePair.Create(key, (string?)"x"))).Build()).Read();

    [GeneratedRegex(@"^\|[^|]*\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    // What stands after the first key of a cell is written without its section, and is no key by itself.
    [GeneratedRegex("`((?:[A-Z][A-Za-z]+:[^` ]+)|Urls|OTEL_[A-Z_]+)`")]
    private static partial Regex Key();

    [GeneratedRegex("[{][a-z]+[}]")]
    private static partial Regex Named();
}
