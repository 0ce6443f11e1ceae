using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.Export;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Export.Support;

/// <summary>An export in a file, and what the program that it is for makes of it.</summary>
internal sealed partial class Exported : IDisposable
{
    private readonly TemporaryDirectory _directory = new("export");
    private readonly ExportFormat _format;

    private Exported(ExportFormat format, string text)
    {
        (_format, Text) = (format, text);
        File = Path.Combine(_directory.Path, format == ExportFormat.Hledger ? "ledger.journal" : "ledger.beancount");
        System.IO.File.WriteAllText(File, text);
    }

    public string Text { get; }

    public string File { get; }

    public int Assertions => (_format == ExportFormat.Hledger ? Asserted() : Balance()).Count(Text);

    public static async Task<string> TextAsync(WorkerUnderTest worker, ExportRequest request)
    {
        await using var export = await worker.Get<LedgerExporter>().OpenAsync(request, CancellationToken.None);
        using var bytes = new MemoryStream();
        await export!.WriteAsync(bytes, CancellationToken.None);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.ToArray());
    }

    public static async Task<Exported> CreateAsync(WorkerUnderTest worker, ExportRequest request) => new(request.Format, await TextAsync(worker, request));

    /// <summary>The same with one change.</summary>
    public Exported With(string text) => new(_format, text);

    /// <summary>The program's own check: syntax, declared accounts and commodities, entries that add up to nothing, assertions.</summary>
    public Task<(int ExitCode, string Output)> CheckAsync() => _format == ExportFormat.Hledger
        ? PlainTextProgram.RunAsync("hledger", "-f", File, "check", "--strict", "ordereddates")
        : PlainTextProgram.RunAsync("bean-check", File);

    public async Task AssertValidAsync()
    {
        var (exitCode, output) = await CheckAsync();
        Assert.True(exitCode == 0 && output.Length == 0, $"{output}\n────\n{Text[..Math.Min(Text.Length, 20_000)]}");
    }

    /// <summary>What accounts hold by the program's count: "account amount commodity".</summary>
    public async Task<List<string>> BalancesAsync(Func<string, bool> isOf)
    {
        var output = _format == ExportFormat.Hledger
            ? await PlainTextProgram.ReadAsync("hledger", "-f", File, "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv")
            : await PlainTextProgram.ReadAsync("bean-query", "-f", "csv", File, "SELECT account, currency, str(sum(number)) AS number GROUP BY account, currency");
        var lines = new List<string>();
        using var csv = new CsvReader(new StringReader(output), CultureInfo.InvariantCulture);
        await csv.ReadAsync();
        while (await csv.ReadAsync())
        {
            var (account, commodity, amount) = (csv[0]!.Trim(), csv[1]!.Trim(), csv[2]!.Trim().Replace("Decimal('", "", StringComparison.Ordinal).TrimEnd('\'', ')'));
            if (isOf(account) && decimal.Parse(amount, NumberStyles.Float, CultureInfo.InvariantCulture) is var number and not 0)
                lines.Add(FormattableString.Invariant($"{account} {number / 1.0000000000000000000000000000m} {commodity.Trim('"')}"));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public async Task<int> EntriesAsync()
    {
        if (_format == ExportFormat.Hledger)
        {
            var output = await PlainTextProgram.ReadAsync("hledger", "-f", File, "print", "-O", "csv");
            using var csv = new CsvReader(new StringReader(output), CultureInfo.InvariantCulture);
            var indices = new HashSet<string>();
            await csv.ReadAsync();
            while (await csv.ReadAsync())
                indices.Add(csv[0]!);
            return indices.Count - Assertions;
        }

        var printed = await PlainTextProgram.ReadAsync("bean-query", "-f", "csv", File, "SELECT id GROUP BY id");
        return printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;
    }

    /// <summary>The names that the own accounts have in the export, by their ids at the provider.</summary>
    public Dictionary<string, string> Names() => Declared().Matches(Text)
        .ToDictionary(match => Uri.UnescapeDataString(Unquoted(match.Groups["key"].Value)), match => match.Groups["name"].Value);

    private string Unquoted(string text) => _format == ExportFormat.Hledger ? text : Escaped().Replace(text, "$1");

    public void Dispose() => _directory.Dispose();

    [GeneratedRegex(@"^(?:account|\d{4}-\d\d-\d\d open) (?<name>.+)\n  (?:; account: (?<key>.*)|account: ""(?<key>.*)"")\n", RegexOptions.Multiline)]
    private static partial Regex Declared();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"(?<=^    (?:Assets|Liabilities):.+    0(?:\.0+)? [A-Z]{3}) = -?[0-9.]+ [A-Z]{3}$", RegexOptions.Multiline)]
    public static partial Regex Asserted();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d balance ", RegexOptions.Multiline)]
    public static partial Regex Balance();
}
