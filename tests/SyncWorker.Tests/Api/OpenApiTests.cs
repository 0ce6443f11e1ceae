using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Redbark.Sync.Worker.Tests.Api;

public sealed class OpenApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_document_describes_every_route_and_nothing_else()
    {
        var routes = host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}"))
            .Distinct().Order();
        Assert.Equal(routes, (await OperationsAsync()).Select(operation => operation.Name).Order());
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_takes_and_answers()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), name);
            Assert.All(operation["parameters"]?.AsArray() ?? [], parameter => Assert.False(string.IsNullOrEmpty((string?)parameter!["description"]), $"{name} {parameter}"));
            var answers = operation["responses"]!.AsObject();
            Assert.All((string[])["401", "503"], status => Assert.True(answers.ContainsKey(status), $"{name} {status}"));
            Assert.True(answers.ContainsKey("200") || answers.ContainsKey("202"), name);
            // What takes no parameter but an id, or none at all, has nothing that could be wrong in itself.
            var takesMore = operation["parameters"]?.AsArray().Any(parameter => (string?)parameter!["name"] is not "id") ?? false;
            Assert.True(answers.ContainsKey("400") || !takesMore, $"{name} 400");
            Assert.All(answers.Where(answer => answer.Key[0] != '2'), answer => Assert.NotNull(answer.Value!["content"]?["application/problem+json"]));
        }
    }

    [Fact]
    public async Task Money_is_a_string_an_id_a_number_and_a_limit_has_its_bounds()
    {
        var document = await host.GetAsync("/openapi/v1.json");
        var transaction = document["components"]!["schemas"]!["TransactionResponse"]!["properties"]!;
        Assert.Equal("string", (string?)transaction["amount"]!["type"]);
        Assert.Equal("integer", (string?)transaction["id"]!["type"]);
        Assert.Equal("date", (string?)transaction["bookedOn"]!["format"]);

        var limit = document["paths"]!["/api/v1/accounts"]!["get"]!["parameters"]!.AsArray().Single(parameter => (string?)parameter!["name"] == "limit")!;
        ApiHost.AssertJson("""{"maximum":1000,"minimum":1,"type":"integer","default":100}""", limit["schema"]!);
    }

    [Fact]
    public async Task The_document_says_how_to_sign_in()
    {
        var document = await host.GetAsync("/openapi/v1.json");
        Assert.Equal("bearer", (string?)document["components"]!["securitySchemes"]!["Bearer"]!["scheme"]);
        Assert.NotNull(document["security"]![0]!["Bearer"]);
    }

    private async Task<List<(string Name, JsonNode Operation)>> OperationsAsync() =>
        [.. (await host.GetAsync("/openapi/v1.json"))["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!)))];
}
