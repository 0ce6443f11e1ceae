using System.Text.Json;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire;

/// <summary>The account of a row (spec 2.2, 7.1).</summary>
internal static class AccountReader
{
    /// <summary>Reads an account; null when neither of its ids is usable, which <paramref name="problem"/> then explains.</summary>
    public static AccountReference? Read(JsonElement id, JsonElement publicId, JsonElement name, JsonElement alias, out string? problem)
    {
        var external = JsonText.ReadId(id, RowLimits.LongestId, out var idProblem);
        var @public = JsonText.ReadId(publicId, RowLimits.LongestId, out var publicProblem);
        problem = external is null && @public is null
            ? $"account_id is {idProblem} and account_public_id is {publicProblem}; one of them is needed"
            : null;
        if (problem is not null)
            return null;

        // A UUID has no case; anything else is opaque and has (older samples: acc_abc123).
        if (Guid.TryParseExact(external, "D", out var uuid))
            external = uuid.ToString("D");
        return new AccountReference(external, @public, JsonText.Read(name) ?? JsonText.Read(alias));
    }
}
