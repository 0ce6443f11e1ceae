namespace Redbark.Sync.Worker.Export;

/// <summary>What a format has to know before the first line.</summary>
internal sealed record ExportHeader
{
    public required ExportRequest Request { get; init; }

    /// <summary>Own accounts by the ledger's id, in the order of their keys.</summary>
    public required IReadOnlyDictionary<long, ExportedAccount> Accounts { get; init; }

    public required IReadOnlyList<(string? Category, bool IsOut)> Categories { get; init; }
    public required IReadOnlyList<string> Currencies { get; init; }
    
    /// <summary>Securities, and the most decimals that a quantity of theirs has.</summary>
    public required IReadOnlyList<(string Security, int Decimals)> Securities { get; init; }

    public required ExportOptions Options { get; init; }

    /// <summary>The day before the first line: all accounts are open from then on.</summary>
    public required DateOnly OpenedOn { get; init; }

    /// <summary>What the accounts bring along.</summary>
    public required IReadOnlyList<OpeningLine> Openings { get; init; }

    /// <summary>Accounts of which nobody knows what they held before their first row.</summary>
    public required IReadOnlyList<ExportedAccount> UnknownOpenings { get; init; }
}
