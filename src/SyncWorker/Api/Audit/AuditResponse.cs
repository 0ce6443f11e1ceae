using System.ComponentModel;
using Redbark.Sync.Worker.Audit;

namespace Redbark.Sync.Worker.Api.Audit;

/// <summary>What somebody did, or tried to.</summary>
internal sealed record AuditResponse(
    Guid Id,
    DateTime At,
    [property: Description("The person, or the configuration key of the token; null for who did not sign in.")] string? Actor,
    [property: Description("Such as sign_in or job.run.")] string Action,
    [property: Description("The id of what it was done to.")] string? Subject,
    [property: Description("The address that the request came from.")] string? Origin,
    [property: Description("done, refused or failed.")] string Outcome,
    [property: Description("Why it was refused or failed.")] string? Reason)
{
    public static AuditResponse Of(AuditEntry entry) => new(
        entry.Id, entry.At.UtcDateTime, entry.Actor, entry.Action, entry.Subject, entry.Origin, entry.Outcome, entry.Reason);
}
