using System.Text.RegularExpressions;

namespace Redbark.Sync.Worker.Console.Settings;

/// <summary>What is configured. A value is shown only where its key is known to be harmless; of every other only that it is set.</summary>
internal sealed partial class ShownSettings(IConfiguration configuration)
{
    private static readonly string[] Sections =
    [
        "Feeds", "Journal", "Webhooks", "Relay", "ConnectionStrings", "Data", "Urls", "Proxies", "Api", "Console", "Logging", "Redbark", "Revolut", "TokenIo",
        "Balances", "Reconciliation", "Settlement", "Gaps", "Schedule", "Silence", "Retention", "Export", "Notifications", "Telemetry", "Serilog", "Kestrel", "Postgres",
    ];

    // OpenTelemetry's own, which count where Telemetry:* says nothing.
    private const string Variables = "OTEL_";

    /// <summary>Every key that has a value.</summary>
    public IReadOnlyList<ShownSetting> Read() =>
    [
        .. Sections.Select(configuration.GetSection)
            .Concat(configuration.GetChildren().Where(section => section.Key.StartsWith(Variables, StringComparison.OrdinalIgnoreCase)))
            .SelectMany(Values),
    ];

    private static IEnumerable<ShownSetting> Values(IConfigurationSection section)
    {
        if (!string.IsNullOrEmpty(section.Value))
            yield return new ShownSetting(section.Path, Harmless().IsMatch(section.Path) ? section.Value : null);
        foreach (var value in section.GetChildren().SelectMany(Values))
            yield return value;
    }

    // Named one by one: a key that is added later is hidden until somebody has thought about it.
    [GeneratedRegex("""
        ^(?:Feeds:[^:]+:(?:TimeZone|SilenceAfter|SecretFiles:\d+)
        |Journal:(?:Directory|MaxBytes|Retention|SegmentBytes)|Webhooks:(?:MaxBodyBytes|MaxBytesInFlight)|Relay:(?:Window|WindowBytes)
        |Data:Directory|Urls|Proxies:Known:\d+|Console:(?:SessionLength|KeysDirectory|OpenIdConnect:(?:ClientId|ClientSecretFile|AuthorizationEndpoint|TokenEndpoint|UserInfoEndpoint|Allowed:\d+))|Logging:(?:Format|File)
        |Redbark:(?:ApiKeyFile|BaseUrl|TimeoutSeconds|LongestWaitSeconds|CheapPerMinute|MidPerMinute|HeavyPerMinute|HeavyInFlight)
        |Revolut:(?:BaseUrl|ClientId|CertificateFile|CertificateKeyFile|CertificatePasswordFile|TrustedRootsFile|FinancialId|Consents:[^:]+:(?:RefreshTokenFile|EndsAt|Links:[^:]+))
        |TokenIo:(?:BaseUrl|ApiKeyFile|AccountParameter|BulkSize|Consents:[^:]+:(?:EndsAt|Links:[^:]+))
        |Notifications:(?:RemindEvery|WebhookSecretFile|Smtp:(?:Host|Port|StartTls|PasswordFile|From|To))|Telemetry:(?:Protocol|SampleRatio)
        |Serilog:MinimumLevel(?::Default|:Override:[^:]+)?|Export:Accounts:[^:]+|Postgres:BinDirectory
        |(?:Balances|Settlement|Gaps|Schedule|Silence|Retention):.+|Reconciliation:(?:SettleWithin|Accounts:[^:]+:(?:Opening|BalanceSign)))$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex Harmless();
}

/// <summary>A key that has a value.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Value">Null where it is not shown.</param>
internal sealed record ShownSetting(string Key, string? Value);
