using System.Text;
using Npgsql;
using Redbark.Sync.Worker.Export.Formats;
using Redbark.Sync.Worker.Reconciliation;

namespace Redbark.Sync.Worker.Export;

/// <summary>One export: a state of the ledger on its way out.</summary>
internal sealed class LedgerExport(NpgsqlConnection connection, NpgsqlTransaction transaction, ExportRequest request) : IAsyncDisposable
{
    private const int FlushAt = 64 * 1024;

    // An export of an empty ledger opens its accounts on some day.
    private static readonly DateOnly NoDay = new(1970, 1, 1);

    private readonly ExportReader _reader = new(connection, request);
    private readonly LotBook _lots = new();
    private ExportHeader? _header;
    private BalanceChecks? _checks;
    private Dictionary<long, long> _twins = [];

    /// <returns>False when there is no such account.</returns>
    public async Task<bool> PrepareAsync(ExportOptions options, ReconciliationOptions reconciliation, CancellationToken cancellation)
    {
        var accounts = (await _reader.AccountsAsync(cancellation)).ToDictionary(account => account.Id);
        if (request.AccountId is { } only && !accounts.ContainsKey(only))
            return false;

        var known = await KnownOpeningsAsync(accounts.Values, reconciliation, cancellation);
        var figures = (await _reader.FiguresAsync(cancellation))
            .Where(figure => known.TryGetValue(figure.Figure.AccountId, out var opening) && opening == figure.Opening)
            .Select(figure => IsInverted(accounts[figure.Figure.AccountId]) ? figure.Figure with { Amount = -figure.Figure.Amount } : figure.Figure).ToList();
        var first = request.From ?? await _reader.FirstDayAsync(cancellation) ?? NoDay;
        var openedOn = first == DateOnly.MinValue ? first : first.AddDays(-1);
        _checks = new BalanceChecks(accounts, figures, openedOn, request.To ?? DateOnly.MaxValue);
        _twins = await _reader.TransfersAsync(cancellation);
        foreach (var (accountId, security, opening) in (await _reader.HoldingsAsync(cancellation)).DistinctBy(holding => (holding.AccountId, holding.Security)))
            _lots.Open(accountId, security, opening);
        await foreach (var trade in _reader.EarlierTradesAsync(cancellation))
            _lots.Apply(trade);

        var shown = accounts.Values.Where(account => request.AccountId is null || request.AccountId == account.Id).ToList();
        _header = new ExportHeader
        {
            Request = request,
            Accounts = accounts,
            Categories = await _reader.CategoriesAsync(cancellation),
            Currencies = await _reader.CurrenciesAsync(cancellation),
            Securities = await _reader.SecuritiesAsync(cancellation),
            Options = options,
            OpenedOn = openedOn,
            Openings = await OpeningsAsync(shown, known, cancellation),
            UnknownOpenings = [.. shown.Where(account => account.HasTransactions && !known.ContainsKey(account.Id))],
        };
        return true;

        bool IsInverted(ExportedAccount account) => reconciliation.For(account.ExternalId, account.PublicId).IsInverted;
    }

    public async Task WriteAsync(Stream to, CancellationToken cancellation)
    {
        var format = Format();
        await using var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), FlushAt, leaveOpen: true);
        format.Begin(_header!);
        var (today, lines) = (new List<ExportLine>(), 0L);
        await foreach (var line in _reader.LinesAsync(_twins.Keys, cancellation))
        {
            if (today.Count > 0 && today[0].Day != line.Day)
                WriteDay(format, today);
            today.Add(line);
            lines++;
            if (format.Text.Length > FlushAt)
                await SendAsync();
        }

        WriteDay(format, today);
        WriteChecks(format, null);
        format.End(lines);
        await SendAsync();
        await writer.FlushAsync(cancellation);

        async Task SendAsync()
        {
            await writer.WriteAsync(format.Text, cancellation);
            format.Text.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private IExportFormat Format() => request.Format switch
    {
        ExportFormat.Hledger => new HledgerFormat(),
        ExportFormat.Beancount => new BeancountFormat(),
        _ => new CsvFormat(),
    };

    private void WriteDay(IExportFormat format, List<ExportLine> day)
    {
        if (day.Count == 0)
            return;
        WriteChecks(format, day[0].Day);
        var rows = day.OfType<TransactionLine>().ToDictionary(row => row.Id);
        foreach (var line in day)
        {
            if (line is TradeLine trade)
                format.Trade(trade, _lots.Apply(trade));
            else if (line is TransactionLine row)
                Write(format, row, rows);
        }

        day.Clear();
    }

    private void Write(IExportFormat format, TransactionLine row, Dictionary<long, TransactionLine> rows)
    {
        if (row.IsPosted)
            _checks!.Add(row.AccountId, row.Currency, row.Amount);
        if (!row.IsPosted || !_twins.TryGetValue(row.Id, out var twin))
            format.Transaction(row);
        else if (row.Amount < 0)
            format.Transfer(row, rows[twin]);
    }

    private void WriteChecks(IExportFormat format, DateOnly? before)
    {
        foreach (var check in _checks!.Before(before))
            format.Balance(check);
    }

    /// <summary>What accounts held before their first row: as somebody set it, or as the proof found it.</summary>
    private async Task<Dictionary<long, decimal>> KnownOpeningsAsync(
        IEnumerable<ExportedAccount> accounts, ReconciliationOptions reconciliation, CancellationToken cancellation)
    {
        var known = new Dictionary<long, decimal>();
        foreach (var account in accounts)
        {
            if (account.Currency is not null && reconciliation.For(account.ExternalId, account.PublicId).OpeningAmount is { } opening)
                known.Add(account.Id, opening);
        }

        foreach (var (accountId, opening) in await _reader.OpeningsAsync(cancellation))
            known.TryAdd(accountId, opening);
        return known;
    }

    private async Task<List<OpeningLine>> OpeningsAsync(IEnumerable<ExportedAccount> accounts, Dictionary<long, decimal> known, CancellationToken cancellation)
    {
        var carried = request.From is null ? [] : await _reader.CarriedAsync(cancellation);
        var amounts = carried.ToLookup(amount => amount.AccountId);
        var lots = _lots.Held().ToLookup(held => held.AccountId);
        var lines = new List<OpeningLine>();
        foreach (var account in accounts)
        {
            var money = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
            if (known.TryGetValue(account.Id, out var opening))
                money[account.Currency!] = opening;
            foreach (var (_, currency, amount) in amounts[account.Id])
                AddTo(money, currency, amount);
            foreach (var (currency, amount) in money)
            {
                _checks!.Add(account.Id, currency, amount);
                if (amount != 0)
                    lines.Add(new OpeningLine(account, amount, currency, IsSecurity: false));
            }

            lines.AddRange(lots[account.Id].Select(held => new OpeningLine(account, held.Quantity, held.Security, IsSecurity: true, held.Lot)));
        }

        return lines;
    }

    private static void AddTo(SortedDictionary<string, decimal> amounts, string currency, decimal amount)
    {
        amounts.TryGetValue(currency, out var before);
        amounts[currency] = before + amount;
    }
}
