using System.Text.Json;

namespace Redbark.Sync.Standalone.Proofs;

/// <summary>One line of <c>GET /api/v1/reconciliation</c>.</summary>
internal sealed record Proof
{
    private const string Proved = "proved";

    public required long AccountId { get; init; }

    public string? AccountName { get; init; }

    public string? Provider { get; init; }

    public long? BalanceId { get; init; }

    /// <summary>The security; null for money.</summary>
    public string? Symbol { get; init; }

    public required string Status { get; init; }

    public string? Cause { get; init; }

    public string? Currency { get; init; }

    public string? Expected { get; init; }

    public string? Actual { get; init; }

    public string? Drift { get; init; }

    public DateOnly? Since { get; init; }

    public IReadOnlyList<ProofFinding> Findings { get; init; } = [];

    public bool IsProved => Status == Proved;

    public static Proof Read(JsonElement element) => element.Deserialize<Proof>(JsonSerializerOptions.Web)!;
}

/// <summary>What explains a proof that is not one.</summary>
/// <param name="Cause">Why.</param>
/// <param name="Amount">By how much, a decimal string.</param>
/// <param name="Evidence">What was seen, for people.</param>
internal sealed record ProofFinding(string Cause, string Amount, string Evidence);
