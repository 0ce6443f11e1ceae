using System.Text;

namespace Redbark.Sync.Worker.Export.Formats;

/// <summary>Writes the ledger's lines, in the order of their days, as text. The same lines give the same text.</summary>
internal interface IExportFormat
{
    /// <summary>What has been written since it was last emptied.</summary>
    StringBuilder Text { get; }

    void Begin(ExportHeader header);

    void Transaction(TransactionLine row);

    /// <summary>Two rows of own accounts that are one transfer.</summary>
    void Transfer(TransactionLine from, TransactionLine to);

    /// <param name="trade">The trade.</param>
    /// <param name="effect">What it does; null when it moves no units.</param>
    void Trade(TradeLine trade, TradeEffect? effect);

    void Balance(BalanceCheck check);

    /// <param name="entries">How many lines were written.</param>
    void End(long entries);
}
