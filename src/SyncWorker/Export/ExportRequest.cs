namespace Redbark.Sync.Worker.Export;

/// <summary>What the ledger is written as.</summary>
internal enum ExportFormat
{
    /// <summary>The journal of hledger, which Ledger reads too.</summary>
    Hledger,

    /// <summary>Beancount 2 or newer.</summary>
    Beancount,

    /// <summary>One line a row (RFC 4180).</summary>
    Csv,
}

/// <summary>What to write.</summary>
/// <param name="Format">As what.</param>
/// <param name="From">First day; what was before is carried forward into the opening.</param>
/// <param name="To">Last day.</param>
/// <param name="AccountId">One account only.</param>
/// <param name="Pending">Pending rows and holds too, in accounts of their own.</param>
internal sealed record ExportRequest(ExportFormat Format, DateOnly? From = null, DateOnly? To = null, long? AccountId = null, bool Pending = false);
