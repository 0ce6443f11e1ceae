using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Ledger;
using Redbark.Sync.Worker.Ledger.Schema;

namespace Redbark.Sync.Worker.Quarantine.Decisions;

/// <summary>Whether what a person wrote may take the place of a row.</summary>
internal static class Correction
{
    /// <summary>The most characters.</summary>
    public const int Longest = 256 * 1024;

    /// <summary>Reads it. What identifies the row at the bank must stay, where it was sent: a person corrects what a row says, not which row it is.</summary>
    public static (SingleRow? Row, QuarantineAnswer? Refused) Read(QuarantinedRow item, string json, string timeZone)
    {
        if (json.Length > Longest)
            return (null, Refuse("row_too_long", $"the row has {json.Length} characters; at most {Longest} are taken"));
        var row = DecidedRows.Read(json, item.Kind, timeZone, item.RowIndex, OriginOf(item));
        if (row.Problem is { } problem)
            return (null, Refuse(problem.Reason, problem.Detail));

        var sent = Sent(item, timeZone);
        if (sent.ExternalId is { } id && id != row.ExternalId)
            return (null, Refuse("id_changed", "id is another than the bank sent; a correction must be of the same row"));
        if (sent.Account is { } account && !(account.ExternalId is null ? account.PublicId == row.Account!.PublicId : account.ExternalId == row.Account!.ExternalId))
            return (null, Refuse("account_changed", "the account is another than the bank sent; a correction must be of the same account"));
        return (row, null);
    }

    /// <summary>Looks where it would go in the ledger.</summary>
    public static async Task<QuarantineAnswer?> PlaceAsync(LedgerDbContext ledger, QuarantinedRow item, SingleRow row, string timeZone, CancellationToken cancellation)
    {
        var names = Text.Clean(DecidedRows.OneId(row.Account!));
        var account = await ledger.Accounts.Where(known => names.ExternalId != null ? known.ExternalId == names.ExternalId : known.PublicId == names.PublicId)
            .Select(known => new { known.Id, known.Currency }).SingleOrDefaultAsync(cancellation);
        if ((row.Transaction?.Currency ?? row.Trade?.Currency ?? account?.Currency) is null)
            return Refuse(RowRejection.CurrencyUnknown, "currency is missing, and no row of the account has named one yet; write it into the row");

        var sent = Sent(item, timeZone);
        if (account is null || sent is { ExternalId: not null, Account: not null })
            return null;
        var id = Text.Identity(row.ExternalId!);
        var exists = row.Trade is null
            ? await ledger.Transactions.AnyAsync(known => known.AccountId == account.Id && known.ExternalId == id, cancellation)
            : await ledger.Trades.AnyAsync(known => known.AccountId == account.Id && known.ExternalId == id, cancellation);
        return exists ? Refuse("row_exists", "the ledger holds a row of this account and id already, and the bank did not say that this is the same; drop this one, or give it its own id") : null;
    }

    public static RowOrigin OriginOf(QuarantinedRow item) => item.Origin == "new" ? RowOrigin.New : RowOrigin.Updated;

    private static SingleRow Sent(QuarantinedRow item, string timeZone) => DecidedRows.Read(item.RawJson, item.Kind, timeZone, item.RowIndex, OriginOf(item));

    private static QuarantineAnswer Refuse(string reason, string detail) => new(QuarantineResult.Refused, reason, detail);
}
