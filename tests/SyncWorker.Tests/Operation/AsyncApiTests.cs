using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MassTransit;
using MassTransit.Serialization;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Worker.Tests.Operation;

/// <summary>
/// <c>docs/asyncapi.json</c> against the contracts. It is made of them: after a change of an event run this class with the variable
/// <c>REDBARK_WRITE_ASYNCAPI=1</c>, and look at the difference.
/// </summary>
public sealed partial class AsyncApiTests
{
    private static readonly string File = Path.Combine(Repository.Root, "docs", "asyncapi.json");
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly XDocument Comments = XDocument.Load(Path.ChangeExtension(typeof(IWorkerEvent).Assembly.Location, ".xml"));
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly List<Type> Events =
        [.. typeof(IWorkerEvent).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IWorkerEvent))).OrderBy(type => type.Name, StringComparer.Ordinal)];

    [Fact]
    public void The_document_says_what_the_contracts_say()
    {
        var text = Document().ToJsonString(Written) + "\n";
        if (Environment.GetEnvironmentVariable("REDBARK_WRITE_ASYNCAPI") is "1")
            System.IO.File.WriteAllText(File, text);
        Assert.Equal(text, System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void An_event_as_it_is_sent_has_the_fields_of_the_document_and_their_types()
    {
        var schemas = JsonNode.Parse(System.IO.File.ReadAllText(File))!["components"]!["schemas"]!.AsObject();
        foreach (var type in Events)
        {
            var full = JsonSerializer.SerializeToNode(Example(type, withAll: true), type, SystemTextJsonMessageSerializer.Options)!;
            AssertFits(schemas, schemas[type.Name]!, full, type.Name, isFull: true);
            AssertFits(schemas, schemas[type.Name]!, JsonSerializer.SerializeToNode(Example(type, withAll: false), type, SystemTextJsonMessageSerializer.Options)!, type.Name, isFull: false);
        }
    }

    [Fact]
    public void The_exchanges_of_the_document_are_those_that_events_are_published_to()
    {
        var channels = JsonNode.Parse(System.IO.File.ReadAllText(File))!["channels"]!.AsObject();
        Assert.Equal(Events.Select(type => type.Name), channels.Select(channel => channel.Key));
        Assert.All(Events, type =>
        {
            Assert.Equal($"{type.Namespace}:{type.Name}", (string?)channels[type.Name]!["address"]);
            Assert.Equal(MessageUrn.ForTypeString(type), $"urn:message:{type.Namespace}:{type.Name}");
        });
    }

    private static JsonObject Document()
    {
        var schemas = new JsonObject();
        foreach (var type in Events)
            Add(schemas, type);
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Redbark.Sync events",
                ["version"] = "1.0.0",
                ["description"] = "What the worker publishes after a commit, at least once. Each event has a fanout exchange of its own on RabbitMQ: bind a queue to it. The body is MassTransit's envelope; "
                    + "the event is its `message`. A repetition carries the same `eventId`, which is the `messageId` too. Money and quantities are decimal strings. What is not known is null.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0" },
            },
            ["defaultContentType"] = "application/vnd.masstransit+json",
            ["servers"] = new JsonObject
            {
                ["rabbitmq"] = new JsonObject
                {
                    ["host"] = "{host}",
                    ["protocol"] = "amqp",
                    ["protocolVersion"] = "0.9.1",
                    ["description"] = "The broker of ConnectionStrings:RabbitMq.",
                    ["variables"] = new JsonObject { ["host"] = new JsonObject { ["default"] = "localhost:5672" } },
                },
            },
            ["channels"] = Each(type => new JsonObject
            {
                ["address"] = $"{type.Namespace}:{type.Name}",
                ["messages"] = new JsonObject { [type.Name] = Reference($"#/components/messages/{type.Name}") },
                ["bindings"] = new JsonObject
                {
                    ["amqp"] = new JsonObject
                    {
                        ["is"] = "routingKey",
                        ["exchange"] = new JsonObject { ["name"] = $"{type.Namespace}:{type.Name}", ["type"] = "fanout", ["durable"] = true, ["autoDelete"] = false },
                    },
                },
            }),
            ["operations"] = Each(type => new JsonObject
            {
                ["action"] = "send",
                ["channel"] = Reference($"#/channels/{type.Name}"),
                ["summary"] = Summary($"T:{type.FullName}"),
                ["messages"] = new JsonArray(Reference($"#/channels/{type.Name}/messages/{type.Name}")),
            }, "publish"),
            ["components"] = new JsonObject
            {
                ["messages"] = Each(type => new JsonObject
                {
                    ["name"] = type.Name,
                    ["title"] = type.Name,
                    ["summary"] = Summary($"T:{type.FullName}"),
                    ["contentType"] = "application/vnd.masstransit+json",
                    ["payload"] = Envelope(type),
                }),
                ["schemas"] = schemas,
            },
        };
    }

    private static JsonObject Envelope(Type type) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("messageId", "messageType", "message"),
        ["properties"] = new JsonObject
        {
            ["messageId"] = new JsonObject { ["type"] = "string", ["format"] = "uuid", ["description"] = "The event's id." },
            ["messageType"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string" },
                ["contains"] = new JsonObject { ["const"] = $"urn:message:{type.Namespace}:{type.Name}" },
                ["description"] = "The event's type first, then what it implements.",
            },
            ["sentTime"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            ["message"] = Reference($"#/components/schemas/{type.Name}"),
        },
    };

    private static JsonObject Each(Func<Type, JsonObject> make, string prefix = "") =>
        new(Events.Select(type => KeyValuePair.Create(prefix + type.Name, (JsonNode?)make(type))));

    private static void Add(JsonObject schemas, Type type)
    {
        if (schemas.ContainsKey(type.Name))
            return;
        var (properties, required) = (new JsonObject(), new JsonArray());
        schemas[type.Name] = new JsonObject { ["type"] = "object", ["description"] = Summary($"T:{type.FullName}"), ["required"] = required, ["properties"] = properties };
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var schema = Schema(schemas, property);
            if (!schema.ContainsKey("$ref"))
                schema["description"] = Description(type, property);
            properties[name] = IsNullable(property) ? OrNull(schema) : schema;
            if (!IsNullable(property))
                required.Add(name);
        }
    }

    private static JsonObject Schema(JsonObject schemas, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(decimal))
            return new() { ["type"] = "string", ["format"] = "decimal" };
        if (type == typeof(Guid))
            return new() { ["type"] = "string", ["format"] = "uuid" };
        if (type == typeof(DateTimeOffset))
            return new() { ["type"] = "string", ["format"] = "date-time" };
        if (type == typeof(DateOnly))
            return new() { ["type"] = "string", ["format"] = "date" };
        if (type == typeof(TimeSpan))
            return new() { ["type"] = "string", ["pattern"] = "^-?([0-9]+\\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{7})?$" };
        if (type == typeof(string))
            return new() { ["type"] = "string" };
        if (type == typeof(long) || type == typeof(int))
            return new() { ["type"] = "integer", ["format"] = type == typeof(long) ? "int64" : "int32" };
        if (type.IsEnum)
        {
            return new()
            {
                ["enum"] = new JsonArray([.. Enum.GetValues(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value, type, SystemTextJsonMessageSerializer.Options))]),
                ["x-enum-varnames"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)name)]),
            };
        }

        if (type == typeof(IReadOnlyList<int>))
            return new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer", ["format"] = "int32" } };
        Assert.Equal(typeof(IWorkerEvent).Assembly, type.Assembly);
        Add(schemas, type);
        return Reference($"#/components/schemas/{type.Name}");
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        if ((string?)schema["type"] is not { } type)
            return new() { ["oneOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        schema["type"] = new JsonArray(type, "null");
        return schema;
    }

    private static JsonObject Reference(string to) => new() { ["$ref"] = to };

    private static bool IsNullable(PropertyInfo property) => Nullability.Create(property).ReadState == NullabilityState.Nullable;

    private static string Description(Type type, PropertyInfo property)
    {
        var parameter = Member($"M:{type.FullName}.#ctor(", prefix: true)?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == property.Name)
            ?? Member($"T:{type.FullName}")?.Elements("param").FirstOrDefault(param => (string?)param.Attribute("name") == property.Name);
        if (parameter?.Element("see") is { } see && ((string?)see.Attribute("cref"))?.Split(':') is [var kind, var name])
            return kind == "P" ? Summary($"P:{name}") : Description(type.Assembly.GetType(name, throwOnError: true)!, property);
        return parameter is null ? Summary($"P:{type.FullName}.{property.Name}") : Plain(parameter);
    }

    private static string Summary(string member) => Plain(Member(member)?.Element("summary") ?? throw new InvalidOperationException($"{member} has no summary."));

    private static XElement? Member(string name, bool prefix = false) => Comments.Descendants("member")
        .FirstOrDefault(member => prefix ? ((string)member.Attribute("name")!).StartsWith(name, StringComparison.Ordinal) : (string?)member.Attribute("name") == name);

    private static string Plain(XElement comment) => Spaces().Replace(string.Concat(comment.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "see" or "paramref" } element => ((string?)element.Attribute("cref") ?? (string?)element.Attribute("name"))!.Split('.')[^1],
        XElement element => element.Value,
        _ => node.ToString(),
    })), " ").Trim();

    private static void AssertFits(JsonObject schemas, JsonNode schema, JsonNode? value, string path, bool isFull)
    {
        if (value is null)
        {
            Assert.False(isFull, path);
            Assert.Contains("\"null\"", schema.ToJsonString());
            return;
        }

        schema = schema["oneOf"]?[0] ?? schema;
        if ((string?)schema["$ref"] is { } reference)
            schema = schemas[reference.Split('/')[^1]]!;
        if (schema["enum"] is { } values)
        {
            Assert.True(values.AsArray().Any(one => JsonNode.DeepEquals(one, value)), $"{path}: {value}");
            return;
        }

        var kind = value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "integer",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        Assert.True((string?)(schema["type"] is JsonArray types ? types[0] : schema["type"]) == kind, $"{path}: {value}");
        if (value is JsonArray array)
            Assert.All(array, item => AssertFits(schemas, schema["items"]!, item, $"{path}[]", isFull));
        if (value is JsonValue text && (string?)schema["pattern"] is { } pattern)
            Assert.Matches(pattern, (string)text!);
        if (value is not JsonObject members)
            return;
        var known = schema["properties"]!.AsObject().Select(property => property.Key).ToList();
        Assert.Equal(known.Order(), members.Select(member => member.Key).Order());
        Assert.All(schema["required"]!.AsArray(), name => Assert.NotNull(members[(string)name!]));
        foreach (var (name, member) in members)
            AssertFits(schemas, schema["properties"]![name]!, member, $"{path}.{name}", isFull);
    }

    private static object? Example(Type type, bool withAll)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "text";
        if (type == typeof(Guid))
            return Guid.NewGuid();
        if (type == typeof(DateTimeOffset))
            return DateTimeOffset.UtcNow;
        if (type == typeof(DateOnly))
            return new DateOnly(2026, 11, 2);
        if (type == typeof(TimeSpan))
            return new TimeSpan(1, 2, 3, 4, 5);
        if (type == typeof(IReadOnlyList<int>))
            return new List<int> { 2, 3 };
        if (type == typeof(Money))
            return new Money(-45.50m, "AUD");
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(1);
        if (type.IsPrimitive || type == typeof(decimal))
            return Convert.ChangeType(7, type, CultureInfo.InvariantCulture);
        var constructor = type.GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(type.GetProperty(parameter.Name!)!))]);
        foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null && constructor.GetParameters().Length == 0))
            property.SetValue(made, Value(property));
        return made;

        object? Value(PropertyInfo property) => withAll || !IsNullable(property) ? Example(property.PropertyType, withAll) : null;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
