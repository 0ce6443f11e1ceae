using System.Text.Json.Nodes;

namespace Redbark.Sync.Simulator.Tests.OpenBanking;

/// <summary>The members of a JSON text and their kinds, to compare an answer with an example of the documents.</summary>
internal static class JsonShape
{
    public static IReadOnlyList<string> Of(string json) => [.. Members(JsonNode.Parse(json), "").Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Members(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value, $"{path}.{member.Key}")).Prepend($"{path}: object"),
        JsonArray items => items.SelectMany(item => Members(item, path + "[]")).Prepend($"{path}: array"),
        null => [$"{path}: null"],
        _ => [$"{path}: {node.GetValueKind()}"],
    };
}
