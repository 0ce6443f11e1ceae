using Redbark.Sync.Worker.Api.Problems;

namespace Redbark.Sync.Worker.Api.Quarantine;

/// <summary>Which rows of quarantine are asked for; null is all.</summary>
internal sealed record QuarantineFilter(string? State, string? Reason, Guid? Delivery)
{
    public static QuarantineFilter Read(Parameters parameters, string? state, string? reason, string? deliveryId) => new(
        parameters.OneOf("state", state, "open", "applied", "dropped"),
        parameters.Literal("reason", reason),
        parameters.Uuid("deliveryId", deliveryId));
}
