using System.Text.Json.Serialization;
using Redbark.Sync.Worker.Operations.Kinds;

namespace Redbark.Sync.Worker.Operations;

/// <summary>What operations keep as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplayOrder))]
[JsonSerializable(typeof(ReplayCursor))]
[JsonSerializable(typeof(BackfillOrder))]
[JsonSerializable(typeof(BackfillCursor))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, long>))]
[JsonSerializable(typeof(Dictionary<string, long>))]
internal sealed partial class OperationJson : JsonSerializerContext;
