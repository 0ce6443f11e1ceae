namespace Redbark.Sync.Standalone.Proofs;

/// <summary>A table on the console: as wide as what stands in it, figures to the right.</summary>
/// <param name="columns">The headings; one that begins with <c>&gt;</c> stands to the right, and so does what is below it.</param>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<(string[] Cells, IReadOnlyList<string> Notes)> _rows = [];

    /// <param name="cells">One for each column.</param>
    /// <param name="notes">Lines that stand below the row.</param>
    public void Add(string[] cells, IReadOnlyList<string>? notes = null) => _rows.Add((cells, notes ?? []));

    public void Print(TextWriter output)
    {
        var headings = columns.Select(column => column.TrimStart('>')).ToArray();
        var widths = headings.Select((heading, at) => _rows.Select(row => row.Cells[at].Length).Append(heading.Length).Max()).ToArray();
        Write(headings);
        foreach (var (cells, notes) in _rows)
        {
            Write(cells);
            foreach (var note in notes)
                output.WriteLine($"    {note}");
        }

        void Write(string[] cells) => output.WriteLine(string.Join("  ", cells.Select((cell, at) =>
            columns[at].StartsWith('>') ? cell.PadLeft(widths[at]) : cell.PadRight(widths[at]))).TrimEnd());
    }
}
