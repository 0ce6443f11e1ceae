namespace Redbark.Sync.Worker.Reconciliation.Proof;

/// <summary>
/// What the bank said at one reading. Two cut-off times are kept apart: the moment the figure is of, which lies in
/// <see cref="NotBefore"/>–<see cref="NotAfter"/> because answers are cached, and the moments at which rows entered it
/// (<see cref="Movement"/>).
/// </summary>
/// <param name="Id">The reading.</param>
/// <param name="Amount">Positive in the holder's favour.</param>
/// <param name="NotBefore">The earliest moment the figure may be of.</param>
/// <param name="NotAfter">The latest.</param>
/// <param name="Basis">What the figure counts.</param>
internal sealed record BankFigure(long Id, decimal Amount, DateTimeOffset NotBefore, DateTimeOffset NotAfter, FigureBasis Basis = FigureBasis.Booked);

/// <summary>What a bank's figure counts.</summary>
internal enum FigureBasis
{
    /// <summary>What is booked.</summary>
    Booked,

    /// <summary>What is booked, less what is held for pending rows: the only figure that some banks give.</summary>
    Available,
}
