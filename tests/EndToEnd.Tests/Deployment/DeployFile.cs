using System.Text.Json;
using System.Text.RegularExpressions;
using Redbark.Sync.Testing;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Redbark.Sync.EndToEnd.Tests.Deployment;

/// <summary>Reads the files that installations are made from.</summary>
internal static partial class DeployFile
{
    public static string PathOf(string path) => Path.Combine(Repository.Root, path);

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    /// <summary>The documents of a YAML file; every scalar is a text.</summary>
    public static List<JsonElement> Yaml(string path)
    {
        var parser = new MergingParser(new Parser(new StringReader(Read(path))));
        var deserializer = new DeserializerBuilder().Build();
        var toJson = new SerializerBuilder().JsonCompatible().Build();
        var documents = new List<JsonElement>();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (!parser.Accept<YamlDotNet.Core.Events.StreamEnd>(out _))
            documents.Add(JsonSerializer.Deserialize<JsonElement>(toJson.Serialize(deserializer.Deserialize<object>(parser)!)));
        return documents;
    }

    /// <summary>What lies under some names; undefined when it is not there.</summary>
    public static JsonElement At(this JsonElement element, params string[] names)
    {
        foreach (var name in names)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return default;
        }

        return element;
    }

    public static string? Text(this JsonElement element, params string[] names) =>
        element.At(names) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    public static IEnumerable<JsonElement> Each(this JsonElement element, params string[] names) =>
        element.At(names) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Fields(this JsonElement element, params string[] names) =>
        element.At(names) is { ValueKind: JsonValueKind.Object } found ? found.EnumerateObject() : [];

    /// <summary>Whether an environment variable stands for a setting that the README or docs/settings.md describes.</summary>
    public static bool IsSetting(string variable)
    {
        var key = variable.Replace("__", ":", StringComparison.Ordinal);
        return variable.StartsWith("OTEL_", StringComparison.Ordinal)
            || variable is "ASPNETCORE_URLS" or "DOTNET_EnableDiagnostics" or "REDBARK_CONFIG"
            || SettingKeys.Value.Any(known => known.IsMatch(key));
    }

    private static readonly Lazy<List<Regex>> SettingKeys = new(() =>
        [.. Key().Matches(Read("README.md") + Read("docs/settings.md")).Select(match => new Regex(
            $"^{Regex.Replace(Regex.Escape(match.Groups["key"].Value), @"\\\{[^}]*}", "[^:]+")}$", RegexOptions.CultureInvariant))]);

    [GeneratedRegex("`(?<key>[A-Z][A-Za-z]+:[A-Za-z{}:-]+)`")]
    private static partial Regex Key();
}
