using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Redbark.Sync.Hosting.Telemetry;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Balances.Revolut;
using Redbark.Sync.Worker.Balances.TokenIo;
using Redbark.Sync.Worker.Export;
using Redbark.Sync.Worker.Feeds;
using Redbark.Sync.Worker.Gaps;
using Redbark.Sync.Worker.Notifications;
using Redbark.Sync.Worker.Proxies;
using Redbark.Sync.Worker.Reconciliation;
using Redbark.Sync.Worker.Retention;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Settlement;
using Redbark.Sync.Worker.SignIn;
using Redbark.Sync.Worker.SignIn.OpenId;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Operation;

/// <summary><c>docs/settings.md</c> against the code: the same keys, with the same defaults.</summary>
public sealed partial class SettingsDocumentTests
{
    // What makes every key be asked for. A name in braces stands for itself.
    private static readonly Dictionary<string, string?> Seeds = new()
    {
        ["Revolut:CertificateFile"] = "no/such/file",
        ["Revolut:Consents:{consent}:Links:{account}"] = "acct_1",
        ["TokenIo:Consents:{consent}:Links:{account}"] = "acct_1",
        ["Feeds:{name}:SilenceAfter"] = "off",
        ["Schedule:Enabled"] = "true",
        ["Proxies:Known:{n}"] = "10.0.0.1",
        ["Console:OpenIdConnect:Allowed:{n}"] = "somebody",
    };

    /// <summary>The classes that the document is about, and how each is filled.</summary>
    private static readonly Dictionary<Type, Func<IConfiguration, object>> Classes = new()
    {
        [typeof(RedbarkOptions)] = Read<RedbarkOptions>(RedbarkOptions.Read),
        [typeof(RevolutOptions)] = Read<RevolutOptions>(RevolutOptions.Read),
        [typeof(TokenIoOptions)] = Read<TokenIoOptions>(TokenIoOptions.Read),
        [typeof(BalanceOptions)] = Read<BalanceOptions>(BalanceOptions.Read),
        [typeof(SilenceOptions)] = Read<SilenceOptions>(SilenceOptions.Read),
        [typeof(ScheduleOptions)] = Read<ScheduleOptions>(ScheduleOptions.Read),
        [typeof(ConsoleOptions)] = Read<ConsoleOptions>(ConsoleOptions.Read),
        [typeof(OpenIdOptions)] = Read<OpenIdOptions>(OpenIdOptions.Read),
        [typeof(ProxyOptions)] = Read<ProxyOptions>(ProxyOptions.Read),
        [typeof(RetentionOptions)] = Read<RetentionOptions>(RetentionOptions.Read),
        [typeof(NotificationOptions)] = Read<NotificationOptions>(NotificationOptions.Read),
        [typeof(TelemetryOptions)] = Read<TelemetryOptions>(TelemetryOptions.Read),
        [typeof(ReconciliationOptions)] = Bind<ReconciliationOptions>(ReconciliationOptions.Section),
        [typeof(SettlementOptions)] = Bind<SettlementOptions>(SettlementOptions.Section),
        [typeof(GapOptions)] = Bind<GapOptions>(GapOptions.Section),
        [typeof(ExportOptions)] = Bind<ExportOptions>(ExportOptions.Section),
    };

    /// <summary>Those that are bound by their properties' names.</summary>
    private static readonly Dictionary<string, Type> Bound = new()
    {
        [ReconciliationOptions.Section] = typeof(ReconciliationOptions),
        [SettlementOptions.Section] = typeof(SettlementOptions),
        [GapOptions.Section] = typeof(GapOptions),
        [ExportOptions.Section] = typeof(ExportOptions),
    };

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "settings.md"));

    private static readonly List<(string Key, string Default)> Documented =
        [.. Row().Matches(Text).Select(row => (row.Groups["key"].Value, row.Groups["default"].Value))];

    [Fact]
    public async Task Every_key_of_the_code_stands_in_the_document_and_every_key_of_the_document_in_the_code()
    {
        Assert.Equal((await KeysAsync()).Order(StringComparer.Ordinal), Documented.Select(row => row.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_defaults_of_the_document_are_those_of_the_code()
    {
        var written = Documented.Where(row => Quoted(row.Default) is not null && !row.Key.Contains('{', StringComparison.Ordinal) && !IsJob(row.Key))
            .ToDictionary(row => row.Key, row => Quoted(row.Default));
        Assert.True(written.Count > 15, "Most defaults are values.");
        // Without a key there is no client, whose limits would show.
        var key = KeyValuePair.Create(RedbarkOptions.ApiKeyKey, (string?)"key");
        Assert.All(Classes.Values, fill => Assert.Equal(Describe(fill(Configuration([key]))), Describe(fill(Configuration([key, .. written])))));
    }

    [Fact]
    public async Task The_jobs_of_the_document_are_those_of_the_code_with_their_times()
    {
        var jobs = await JobsAsync();
        foreach (var (key, otherwise) in Documented.Where(row => IsJob(row.Key)))
        {
            // Times that follow from the database are not the same everywhere.
            if (key.StartsWith("Schedule:poll-", StringComparison.Ordinal) || key == "Schedule:sync-accounts")
                Assert.Null(Quoted(otherwise));
            else
                Assert.Equal(jobs[key], Quoted(otherwise));
        }
    }

    [Fact]
    public void No_class_of_options_is_forgotten()
    {
        // Those of the database and the API stand in the README.
        string[] elsewhere = ["DatabaseOptions", "ApiTokenOptions"];
        var all = typeof(Worker).Assembly.GetTypes().Concat(typeof(TelemetryOptions).Assembly.GetTypes()).Where(type => type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith("Options", StringComparison.Ordinal));
        Assert.Equal(Classes.Keys.Select(type => type.Name).Concat(elsewhere).Order(StringComparer.Ordinal), all.Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("SECURITY.md")]
    [InlineData("docs/metrics.md")]
    [InlineData("docs/operations.md")]
    public async Task A_key_that_another_document_names_exists(string document)
    {
        var keys = await KeysAsync();
        var named = Named().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(match => match.Groups["key"].Value);
        Assert.All(named, key => Assert.True(
            keys.Contains(key) || (key.EndsWith(":*", StringComparison.Ordinal) && keys.Any(known => known.StartsWith(key[..^1], StringComparison.Ordinal)))
                || key == "Schedule:{job}", $"{document} names {key}, which no setting is."));
    }

    private static async Task<HashSet<string>> KeysAsync()
    {
        var asked = new AskedKeys(Seeds);
        var configuration = new ConfigurationBuilder().Add(asked).Build();
        foreach (var (_, fill) in Classes.Where(options => !Bound.ContainsValue(options.Key)))
            fill(configuration);

        var keys = asked.Keys.Where(key => !IsRefused(key)).Concat(Bound.SelectMany(section => Properties(section.Key, section.Value)))
            .Concat((await JobsAsync()).Keys).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // What holds others is no key itself, and OpenTelemetry's own variables are described by OpenTelemetry.
        return [.. keys.Where(key => key.Contains(':', StringComparison.Ordinal) && !keys.Any(other => other.StartsWith($"{key}:", StringComparison.Ordinal)))];
    }

    /// <summary>Whether setting it is a mistake, because the section knows no such key.</summary>
    private static bool IsRefused(string key) => Classes.Values.Any(fill =>
        fill(Configuration(new Dictionary<string, string?>(Seeds) { [key] = "x" })) is ProviderOptions { Problems: var problems }
        && problems.Exists(problem => problem.StartsWith($"{key}: expected one of ", StringComparison.Ordinal)));

    private static IEnumerable<string> Properties(string path, Type type)
    {
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is { IsPublic: true } || Element(property.PropertyType) is not null))
        {
            var key = $"{path}:{property.Name}";
            var element = Element(property.PropertyType);
            if (element is null)
            {
                yield return key;
                continue;
            }

            var name = element.Value.IsNamed ? "{account}" : path.EndsWith('}') ? "{m}" : "{n}";
            if (element.Value.Type == typeof(string))
                yield return $"{key}:{name}";
            else
            {
                foreach (var inner in Properties($"{key}:{name}", element.Value.Type))
                    yield return inner;
            }
        }
    }

    private static (Type Type, bool IsNamed)? Element(Type type) => type switch
    {
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(Dictionary<,>) => (type.GetGenericArguments()[1], true),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IList<>) => (type.GetGenericArguments()[0], false),
        _ => null,
    };

    /// <summary>Their ids and usual times.</summary>
    private static async Task<Dictionary<string, string>> JobsAsync()
    {
        await using var worker = new WorkerUnderTest("Host=127.0.0.1;Port=1;Username=nobody;Database=nothing");
        return worker.Get<IEnumerable<IScheduledJob>>().ToDictionary(job => $"{ScheduleOptions.Section}:{job.Id}", job => job.DefaultCron);
    }

    private static bool IsJob(string key) => key.StartsWith($"{ScheduleOptions.Section}:", StringComparison.Ordinal) && key != ScheduleOptions.EnabledKey;

    private static string? Quoted(string cell) => Code().Match(cell) is { Success: true } match ? match.Groups["value"].Value : null;

    private static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static Func<IConfiguration, object> Read<T>(Action<T, IConfiguration> read) where T : new() => configuration =>
    {
        var options = new T();
        read(options, configuration);
        return options;
    };

    private static Func<IConfiguration, object> Bind<T>(string section) where T : new() => configuration =>
    {
        var options = new T();
        configuration.GetSection(section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        return options;
    };

    /// <summary>All that public properties hold, as text.</summary>
    private static string Describe(object? value) => value switch
    {
        null => "null",
        string text => text,
        IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Select(Describe))}]",
        _ when value.GetType().Namespace?.StartsWith("Redbark.Sync", StringComparison.Ordinal) is true && value is not RetentionRule => string.Join("; ",
            value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => $"{property.Name} = {Describe(property.GetValue(value))}")),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex(@"^\| `(?<key>[^`]+:[^`]+)` \| (?<default>[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^`(?<value>[^`]+)`$")]
    private static partial Regex Code();

    [GeneratedRegex("`(?<key>(?:Redbark|Revolut|TokenIo|Balances|Reconciliation|Settlement|Schedule|Gaps|Silence|Retention|Export|Notifications|Telemetry|Console|Proxies):[^` ]+)`")]
    private static partial Regex Named();

    /// <summary>Some settings, and a note of every key that is asked for.</summary>
    private sealed class AskedKeys : ConfigurationProvider, IConfigurationSource
    {
        public AskedKeys(Dictionary<string, string?> settings) => Data = settings;

        public HashSet<string> Keys { get; } = [];

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override bool TryGet(string key, out string? value)
        {
            Keys.Add(key);
            return base.TryGet(key, out value);
        }
    }
}
