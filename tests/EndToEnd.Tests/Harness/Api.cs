using System.Net.Http.Json;
using System.Text.Json;
using Redbark.Sync.Testing;

namespace Redbark.Sync.EndToEnd.Tests.Harness;

/// <summary>Reads the API's lists.</summary>
internal static class Api
{
    public static async Task<JsonElement[]> ListAsync(this HttpClient api, string path)
    {
        var page = await api.GetFromJsonAsync<JsonElement>(path);
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        return [.. page.GetProperty("data").EnumerateArray()];
    }

    /// <summary>Waits until so many deliveries are in the archive.</summary>
    public static Task HasDeliveriesAsync(this HttpClient api, int count, Func<string> evidence) => Eventually.HoldsAsync(
        async () =>
        {
            using var answer = await api.GetAsync("/api/v1/deliveries?limit=1000");
            return answer.IsSuccessStatusCode && (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetArrayLength() >= count;
        },
        $"{count} deliveries are in the archive", evidence);

    public static string? Text(this JsonElement element, string property) =>
        element.GetProperty(property) is { ValueKind: not JsonValueKind.Null } value ? value.ToString() : null;
}
