using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Redbark.Sync.Worker.Api.Authentication;
using Redbark.Sync.Worker.Api.Problems;

namespace Redbark.Sync.Worker.Api.OpenApi;

/// <summary>The API's own description: <c>/openapi/v1.json</c>, for whoever has a token.</summary>
internal static class ApiDocument
{
    public const string Root = "/openapi";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => $"/{description.RelativePath}".StartsWith($"{ApiSetup.Root}/", StringComparison.Ordinal);
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeParametersAsync);
    });

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Redbark.Sync",
            Version = "v1",
            Description = """
                Reads the ledger that is kept from Redbark's webhooks. Money and quantities are decimal strings; instants are UTC; lists are pages
                `{"data": […], "next": …}`. An error is a ProblemDetails whose `reason` says what it is.
                """,
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [BearerHandler.SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "One of Api:Tokens.",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerHandler.SchemeName, document)] = [] }];
        return Task.CompletedTask;
    }

    // The handlers take text, so that what cannot be used is answered with what is expected instead.
    private static Task DescribeParametersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var inDeliveries = context.Description.RelativePath!.Contains("/deliveries", StringComparison.Ordinal);
        var inJobs = context.Description.RelativePath!.Contains("/jobs/", StringComparison.Ordinal);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Schema = parameter.Name switch
            {
                "limit" => new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "1",
                    Maximum = $"{Parameters.MostItems}",
                    Default = JsonValue.Create(Parameters.UsualItems),
                },
                "id" when inDeliveries => Uuid(),
                "deliveryId" => Uuid(),
                "id" when inJobs => parameter.Schema,
                "id" or "accountId" => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
                "incomplete" => new OpenApiSchema { Type = JsonSchemaType.Boolean },
                "from" or "to" when !inDeliveries => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" },
                _ => parameter.Schema,
            };
        }

        return Task.CompletedTask;

        static OpenApiSchema Uuid() => new() { Type = JsonSchemaType.String, Format = "uuid" };
    }
}
