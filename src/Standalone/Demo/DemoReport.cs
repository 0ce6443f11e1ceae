using System.Globalization;
using System.Text.Json;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Standalone.Commands;
using Redbark.Sync.Standalone.Proofs;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>The receiver's books, read from its API, beside the bank's.</summary>
internal sealed class DemoReport
{
    /// <param name="Received">Rows of the account in the bodies that came by webhook.</param>
    /// <param name="Healed">Its rows in the windows that were read by REST.</param>
    /// <param name="Applied">Versions of its transactions that the ledger holds, the former ones included.</param>
    /// <param name="Quarantined">Its rows in quarantine.</param>
    private sealed record AccountLine(string Id, string Name, string Currency, int Received, int Healed, int Applied, int Quarantined, decimal Ledger, decimal Bank)
    {
        public int Unchanged => Received + Healed - Applied - Quarantined;

        public bool Agrees => Ledger == Bank;
    }

    private sealed record HoldingLine(string Symbol, decimal Ledger, decimal Bank);

    private readonly List<string> _differences = [];
    private List<AccountLine> _accounts = [];
    private List<HoldingLine> _holdings = [];
    private int _trades;
    private ArchivedRows _archive = new();
    private List<string> _quarantined = [];
    private int _settled;
    private string? _settlement;
    private int _suggestions;

    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Rows in quarantine that name no account that the ledger shares with the bank.</summary>
    private List<string> Strangers => [.. _quarantined.Where(owner => !_accounts.Exists(line => line.Id == owner))];

    public static async Task<DemoReport> ReadAsync(ApiClient api, SimulatedBank bank, DemoScript script, CancellationToken cancellation)
    {
        var report = new DemoReport();
        report._archive = await ArchivedRows.ReadAsync(api, cancellation);
        report._quarantined = await api.ListAsync("/api/v1/quarantine?state=open", cancellation)
            .Select(item => ArchivedRows.AccountOf(item.GetProperty("rawJson").GetString()!)).ToListAsync(cancellation);
        await report.ReadAccountsAsync(api, bank, cancellation);
        await report.ReadHoldingsAsync(api, bank, cancellation);
        report._suggestions = await api.ListAsync("/api/v1/suggestions?limit=1000", cancellation).CountAsync(cancellation);
        report.Check(script.Lost == 0, $"{script.Lost} requests were neither accepted nor refused");
        report.Check(report._archive.Deliveries == script.Accepted, $"{script.Accepted} deliveries were accepted, {report._archive.Deliveries} are in the archive");
        report.Check(report._quarantined.Count == script.Malformed, $"{report._quarantined.Count} rows are in quarantine, {script.Malformed} were malformed");
        report.Check(report._settled == script.SettledAnew, $"{report._settled} pending rows gave way to another, {script.SettledAnew} were settled under a new id");
        report.CheckCounts();
        return report;
    }

    public void Print(DemoScript script, TextWriter output)
    {
        output.WriteLine($"Deliveries   {script.Accepted} accepted, {script.Rejected.Values.Sum()} refused"
            + $" ({string.Join(", ", script.Rejected.Select(status => $"{status.Value} × {status.Key}"))}), {_archive.Readings} windows read by REST");
        output.WriteLine($"Quarantine   {_quarantined.Count} open");
        output.WriteLine($"Settlements  {_settled} pending rows gave way to posted ones under new ids, {_suggestions} suggestions wait for a person");
        if (_settlement is not null)
            output.WriteLine($"             {_settlement}");
        output.WriteLine($"Trades       {_trades}, in {_holdings.Count} positions; every quantity as the bank's: {(_holdings.TrueForAll(line => line.Ledger == line.Bank) ? "yes" : "NO")}");
        output.WriteLine();

        var table = new TextTable("Rows of", ">received", ">healed", ">applied", ">unchanged", ">quarantined", ">posted in the ledger", ">at the bank", "");
        foreach (var line in _accounts)
        {
            table.Add(
            [
                line.Name, $"{line.Received}", $"{line.Healed}", $"{line.Applied}", $"{line.Unchanged}", $"{line.Quarantined}", Format(line.Ledger, line.Currency), Format(line.Bank, line.Currency),
                line.Agrees ? "=" : "DIFFERS",
            ]);
        }

        if (Strangers is { Count: > 0 } strangers)
            table.Add(["not an account of the bank", $"{strangers.Count}", "0", "0", "0", $"{strangers.Count}", "", "", ""]);
        table.Print(output);
    }

    private async Task ReadAccountsAsync(ApiClient api, SimulatedBank bank, CancellationToken cancellation)
    {
        var found = new Dictionary<string, JsonElement>();
        await foreach (var account in api.ListAsync("/api/v1/accounts", cancellation))
            found[account.GetProperty("externalId").GetString()!] = account;

        foreach (var truth in bank.Balances())
        {
            if (!found.TryGetValue(truth.Account.Id.ToString(), out var account))
            {
                _differences.Add($"the ledger has no account {truth.Account.Id}");
                continue;
            }

            var id = truth.Account.Id.ToString();
            var rows = await api.ListAsync($"/api/v1/accounts/{account.GetProperty("id")}/transactions?limit=1000", cancellation).ToListAsync(cancellation);
            foreach (var row in rows.Where(row => row.GetProperty("effectiveStatus").GetString() == "settled"))
            {
                _settled++;
                var twin = rows.Find(other => other.GetProperty("id").GetInt64() == row.GetProperty("settledBy").GetInt64());
                _settlement ??= $"such as {row.GetProperty("amount")} {truth.Account.Currency}: pending {Shown(row)} is now posted {Shown(twin)}";
            }

            var line = new AccountLine(
                id, $"{truth.Account.Name} {truth.Account.AccountNumber}", truth.Account.Currency,
                _archive.Rows(id), _archive.Healed(id), rows.Sum(row => row.GetProperty("revision").GetInt32()), _quarantined.Count(owner => owner == id),
                decimal.Parse(account.GetProperty("ledgerBalance").GetString()!, CultureInfo.InvariantCulture), truth.PostedTotalMoney.Amount);
            _accounts.Add(line);
            Check(line.Agrees, $"{line.Name}: the ledger has {line.Ledger}, the bank {line.Bank}");
        }
    }

    private async Task ReadHoldingsAsync(ApiClient api, SimulatedBank bank, CancellationToken cancellation)
    {
        var positions = new Dictionary<string, decimal>();
        await foreach (var position in api.ListAsync("/api/v1/positions", cancellation))
            positions[position.GetProperty("symbol").GetString()!] = decimal.Parse(position.GetProperty("quantity").GetString()!, CultureInfo.InvariantCulture);

        _trades = await api.ListAsync("/api/v1/trades?limit=1000", cancellation).CountAsync(cancellation);
        Check(_trades == bank.Trades.Count, $"the ledger has {_trades} trades, the bank {bank.Trades.Count}");
        _holdings =
        [
            .. bank.Accounts.Where(account => account.IsBrokerage).SelectMany(account => bank.Holdings(account.Id))
                .Select(holding => new HoldingLine(holding.Symbol, positions.GetValueOrDefault(holding.Symbol), holding.Quantity)),
        ];
        foreach (var line in _holdings)
            Check(line.Ledger == line.Bank, $"{line.Symbol}: the ledger has {line.Ledger}, the bank {line.Bank}");
    }

    /// <summary>The accounts' rows, added up, are what the archive's own counts say.</summary>
    private void CheckCounts()
    {
        var applied = _accounts.Sum(line => line.Applied) + _trades;
        Check(applied == _archive.Applied, $"the ledger holds {applied} versions, the archive says {_archive.Applied} rows were applied");
        var unchanged = _accounts.Sum(line => line.Unchanged) + _archive.Trades - _trades;
        Check(Strangers.TrueForAll(owner => _archive.Rows(owner) == Strangers.Count(other => other == owner)), "a row of an unknown account is not in quarantine");
        Check(unchanged == _archive.Unneeded, $"{unchanged} rows changed nothing, the archive says {_archive.Unneeded}");
    }

    private void Check(bool holds, string difference)
    {
        if (!holds)
            _differences.Add(difference);
    }

    private static string Shown(JsonElement row) => $"{row.GetProperty("externalId").GetString()![..14]}… \"{row.GetProperty("description").GetString()}\"";

    private static string Format(decimal amount, string currency) => new Money(amount, currency).ToString();
}
