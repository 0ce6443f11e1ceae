using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Redbark.Sync.EndToEnd.Tests.Deployment;
using Redbark.Sync.EndToEnd.Tests.Harness;
using Redbark.Sync.Standalone.Hosting;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Telemetry;

/// <summary>The meters, against what describes and uses them: docs/metrics.md, the alert rules and the dashboard.</summary>
public sealed partial class MetricsTests
{
    private static readonly List<Documented> Document = [.. Row().Matches(DeployFile.Read("docs/metrics.md"))
        .Select(row => new Documented(row.Groups["name"].Value, row.Groups["kind"].Value, row.Groups["unit"].Value))];

    /// <summary>What Prometheus calls them when they come by OTLP.</summary>
    private static readonly HashSet<string> InPrometheus = [.. Document.SelectMany(PrometheusNames)];

    [Fact]
    public async Task The_document_names_every_metric_with_its_kind_and_unit_and_no_other()
    {
        using var data = TemporaryDirectory.InMemory("metrics");
        var found = new ConcurrentDictionary<string, Documented>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("Redbark.Sync.", StringComparison.Ordinal))
                    found[instrument.Name] = new(instrument.Name, KindOf(instrument), instrument.Unit ?? "");
            },
        };
        listener.Start();

        // Nothing need run for its metrics to be there, but the parts that own them must be made.
        await using var app = StandaloneHost.Build(new Dictionary<string, string?>
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Data:Directory"] = data.Path,
            ["Feeds:redbark:Secrets:0"] = Sender.Secret,
            ["ConnectionStrings:Ledger"] = "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing",
            ["Schedule:Enabled"] = "false",
        });
        await app.StartAsync();
        await app.StopAsync();

        Assert.Equal(Document.OrderBy(metric => metric.Name, StringComparer.Ordinal), found.Values.OrderBy(metric => metric.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void The_document_names_every_tag_and_none_is_one_of_Prometheus_own_labels()
    {
        var documented = TagsOfRow().Matches(DeployFile.Read("docs/metrics.md")).SelectMany(row => Word().Matches(row.Groups["tags"].Value)).Select(tag => tag.Value).ToHashSet();
        // What has these names comes by OTLP with other values: who sent it.
        Assert.DoesNotContain("job", documented);
        Assert.DoesNotContain("instance", documented);
        var used = Directory.EnumerateFiles(DeployFile.PathOf("src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)
            .Where(code => code.Contains("CreateCounter", StringComparison.Ordinal) || code.Contains("CreateHistogram", StringComparison.Ordinal) || code.Contains("CreateObservableGauge", StringComparison.Ordinal))
            .SelectMany(code => TagInCode().Matches(code)).Select(tag => tag.Groups["tag"].Value).ToHashSet();
        Assert.Superset((HashSet<string>)["feed", "kind", "name"], used);
        Assert.Subset(documented, used);
    }

    [Fact]
    public void Every_alert_is_about_metrics_that_exist_and_says_what_to_do()
    {
        var rules = DeployFile.Yaml("deploy/telemetry/alerts.yaml").Single().Each("groups").SelectMany(group => group.Each("rules")).ToList();
        Assert.True(rules.Count >= 8);
        Assert.All(rules, rule =>
        {
            AreMetrics(rule.Text("expr")!);
            Assert.NotNull(rule.Text("annotations", "summary"));
            Assert.NotNull(rule.Text("annotations", "action"));
            Assert.Contains(rule.Text("labels", "severity"), (string[])["warning", "critical"]);
        });
    }

    [Fact]
    public void Every_panel_of_the_dashboard_shows_metrics_that_exist()
    {
        var dashboard = System.Text.Json.JsonDocument.Parse(DeployFile.Read("deploy/telemetry/grafana/dashboards/redbark-sync.json")).RootElement;
        var panels = dashboard.Each("panels").Where(panel => panel.Text("type") != "row").ToList();
        Assert.True(panels.Count >= 20);
        var source = DeployFile.Yaml("deploy/telemetry/grafana/provisioning/datasources/redbark-sync.yaml").Single().Each("datasources").Select(item => item.Text("uid")).ToList();
        Assert.All(panels.SelectMany(panel => panel.Each("targets")), target =>
        {
            AreMetrics(target.Text("expr")!);
            Assert.Contains(target.Text("datasource", "uid"), source);
        });
    }

    private static void AreMetrics(string expression)
    {
        var named = Metric().Matches(expression).Select(match => match.Value).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(InPrometheus.Contains(name), $"{name} in {expression} is no metric."));
    }

    private static IEnumerable<string> PrometheusNames(Documented metric)
    {
        var name = metric.Name.Replace('.', '_') + metric.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return metric.Kind switch
        {
            "counter" => [$"{name}_total"],
            "histogram" => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            _ => [name],
        };
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "Histogram" => "histogram",
        "ObservableGauge" or "Gauge" => "gauge",
        var other => other,
    };

    [GeneratedRegex(@"^\| `(?<name>redbark_sync[^`]+)` \| (?<kind>\w+) \| `(?<unit>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `redbark_sync[^`]+` \| \w+ \| `[^`]+` \| (?<tags>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex TagsOfRow();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"new(?: KeyValuePair<string, object\?>)?\(""(?<tag>\w+)"",")]
    private static partial Regex TagInCode();

    [GeneratedRegex(@"redbark_sync_\w+")]
    private static partial Regex Metric();

    private sealed record Documented(string Name, string Kind, string Unit);
}
