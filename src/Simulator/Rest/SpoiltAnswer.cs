using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>Makes the wrong answer out of the right one.</summary>
internal static class SpoiltAnswer
{
    private const string Page = "<!DOCTYPE html><html><head><title>We'll be right back</title></head><body><h1>Maintenance</h1></body></html>";

    private static readonly string[] Amounts = ["currentBalance", "availableBalance", "amount", "quantity", "totalAmount", "marketValue"];

    /// <summary>Reads as it should, or wrongly.</summary>
    /// <exception cref="RestRefusal">The fault is a refusal.</exception>
    public static RestAnswer Read(BodyFault? fault, Uri redirectTo, IQueryCollection query, Func<IQueryCollection, RestAnswer> read) => fault switch
    {
        null or BodyFault.Slow => read(query),
        BodyFault.Html => new RestAnswer(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(Page)) { ContentType = "text/html; charset=utf-8" },
        BodyFault.HalfJson => Half(read(query)),
        BodyFault.ErrorInside => new RestAnswer(StatusCodes.Status200OK, """{"error":{"message":"The bank could not be read","code":"provider_unavailable"}}"""u8.ToArray()),
        BodyFault.Redirect => new RestAnswer(StatusCodes.Status302Found, []) { Location = redirectTo },
        BodyFault.RepeatedPage => Change(read(new QueryCollection(query.Where(pair => pair.Key is not ("offset" or "page")).ToDictionary())), ClaimMore),
        BodyFault.ThousandsSeparators => Change(read(query), json => ForEach(json, Separate)),
        BodyFault.OtherCurrency => Change(read(query), json => ForEach(json, Exchange)),
        _ => throw new RestRefusal(StatusCodes.Status500InternalServerError, "Something went wrong", "internal_error"),
    };

    private static RestAnswer Half(RestAnswer answer) => answer with { Body = answer.Body[..(answer.Body.Length / 2)] };

    private static RestAnswer Change(RestAnswer answer, Action<JsonNode> change)
    {
        var json = JsonNode.Parse(answer.Body)!;
        change(json);
        return answer with { Body = Encoding.UTF8.GetBytes(json.ToJsonString()) };
    }

    private static void ClaimMore(JsonNode json)
    {
        if (json["pagination"] is { } pagination)
            pagination["hasMore"] = true;
    }

    private static void ForEach(JsonNode? node, Action<JsonObject, string> change)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                ForEach(item, change);
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToArray())
            {
                ForEach(value, change);
                change(members, name);
            }
        }
    }

    private static void Separate(JsonObject members, string name)
    {
        if (Amounts.Contains(name) && members[name] is JsonValue value && value.TryGetValue<string>(out var text))
            members[name] = decimal.Parse(text, CultureInfo.InvariantCulture).ToString("0,000.00", CultureInfo.InvariantCulture);
    }

    private static void Exchange(JsonObject members, string name)
    {
        if (name == "currency" && members[name] is JsonValue value && value.TryGetValue<string>(out var text))
            members[name] = text.Equals("usd", StringComparison.OrdinalIgnoreCase) ? "eur" : "usd";
    }
}
