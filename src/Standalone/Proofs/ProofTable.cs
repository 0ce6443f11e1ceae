using System.Text.Json;
using Redbark.Sync.Standalone.Commands;

namespace Redbark.Sync.Standalone.Proofs;

/// <summary>Every proof there is, one a line, and below those that are none why.</summary>
internal sealed class ProofTable
{
    private readonly Dictionary<long, string> _accounts = [];
    private readonly Dictionary<long, string> _troubles = [];
    private readonly List<string> _unlinked = [];

    public List<Proof> Proofs { get; private init; } = [];

    /// <summary>Whether all is proved, and there is something that is.</summary>
    public bool IsProved => Proofs.Count > 0 && Proofs.TrueForAll(proof => proof.IsProved);

    public static async Task<ProofTable> ReadAsync(ApiClient api, CancellationToken cancellation)
    {
        var table = new ProofTable { Proofs = await api.ListAsync("/api/v1/reconciliation?limit=1000", cancellation).Select(Proof.Read).ToListAsync(cancellation) };
        await foreach (var account in api.ListAsync("/api/v1/accounts?limit=1000", cancellation))
        {
            if ((Text(account, "externalId") ?? Text(account, "publicId")) is { } id)
                table._accounts[account.GetProperty("id").GetInt64()] = id;
        }

        await foreach (var balance in api.ListAsync("/api/v1/balances?limit=1000", cancellation))
            table.Note(balance);
        return table;
    }

    public void Print(TextWriter output)
    {
        if (Proofs.Count == 0)
        {
            output.WriteLine("There is nothing to prove yet: the ledger has no account.");
            return;
        }

        var table = new TextTable("Account", "Source", "In", ">Ledger", ">Bank", ">Drift", "Status", "Since", "Cause");
        foreach (var proof in Proofs)
        {
            table.Add(
                [$"{proof.AccountName ?? "?"} (#{proof.AccountId})", proof.Provider ?? "none", proof.Symbol ?? proof.Currency ?? "?", proof.Expected ?? "–", proof.Actual ?? "–",
                    proof.Drift ?? "–", proof.Status, proof.Since?.ToString("yyyy-MM-dd") ?? "", proof.IsProved ? "" : proof.Cause ?? ""],
                [.. Notes(proof)]);
        }

        table.Print(output);
        foreach (var unlinked in _unlinked)
            output.WriteLine($"Proves nothing: {unlinked}");
        var proved = Proofs.Count(proof => proof.IsProved);
        output.WriteLine();
        output.WriteLine(IsProved ? $"All {proved} are proved." : $"{proved} of {Proofs.Count} are proved.");
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private void Note(JsonElement balance)
    {
        if (balance.GetProperty("goneAt").ValueKind is not JsonValueKind.Null)
            return;
        if (Text(balance, "error") is { } error)
            _troubles[balance.GetProperty("id").GetInt64()] = $"{Text(balance, "errorFault")}: {error}";
        if (Text(balance, "linkProblem") is { } problem)
            _unlinked.Add($"{Text(balance, "provider")} {Text(balance, "externalId")} ({Text(balance, "name") ?? "no name"}), {problem}");
    }

    private IEnumerable<string> Notes(Proof proof)
    {
        if (!proof.IsProved)
        {
            foreach (var finding in proof.Findings)
            {
                var amount = decimal.TryParse(finding.Amount, System.Globalization.CultureInfo.InvariantCulture, out var parsed) && parsed != 0 ? $" {finding.Amount}" : "";
                yield return $"{finding.Cause}{amount}: {finding.Evidence}";
                if (Remedy(finding.Cause, proof.AccountId) is { } remedy)
                    yield return remedy;
            }
        }

        // A reading that failed leaves the last good balance, and so the proof with it, as it was.
        if (proof.BalanceId is { } id && _troubles.TryGetValue(id, out var trouble) && !proof.Findings.Any(finding => trouble.EndsWith(finding.Evidence, StringComparison.Ordinal)))
            yield return $"the newest reading failed: {trouble}";
    }

    /// <summary>What a person can do about it in the settings.</summary>
    private string? Remedy(string cause, long account)
    {
        var settings = $"Reconciliation:Accounts:{_accounts.GetValueOrDefault(account, "<the account's id>")}";
        return cause switch
        {
            "unknown_opening" => $"to prove it at once, set {settings}:Opening to what the account held before its first row",
            "opening_differs" => $"check {settings}:Opening",
            "sign_convention" => $"set {settings}:BalanceSign to inverted (or back to normal)",
            "no_balance" => "set Redbark:ApiKey, or link an account of Revolut or Token.io to it (…:Consents:{name}:Links:{account})",
            _ => null,
        };
    }
}
