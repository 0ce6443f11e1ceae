using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Redbark.Sync.Worker.Api.Accounts;
using Redbark.Sync.Worker.Api.Paging;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Ledger.Schema;
using Redbark.Sync.Worker.Reconciliation.Schema;
using Redbark.Sync.Worker.Reconciliation.Store;

namespace Redbark.Sync.Worker.Api.Reconciliation;

/// <summary><c>/reconciliation</c></summary>
internal static class ReconciliationEndpoints
{
    public static void MapReconciliation(this RouteGroupBuilder api)
    {
        api.MapGet("/reconciliation", ListAsync).WithTags("Reconciliation")
            .WithSummary("Lists the proofs")
            .WithDescription("One a ledger account and source of balances, and one a security for brokerage accounts; ordered by account.")
            .ProducesProblem(400);
        api.MapGet("/accounts/{id}/reconciliation", OfAccountAsync).WithTags("Reconciliation")
            .WithSummary("Reads the proofs of one account")
            .ProducesProblem(400).ProducesProblem(404);
        api.MapGet("/accounts/{id}/reconciliation/changes", ChangesAsync).WithTags("Reconciliation")
            .WithSummary("Lists how the proofs of one account changed")
            .WithDescription("The newest first: one each time that status, cause or difference became another.")
            .ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<Results<Ok<Page<ReconciliationResponse>>, ProblemHttpResult>> ListAsync(
        LedgerDbContext ledger,
        [Description("proved, settling, drift or unknown.")] string? status,
        [Description("The cause of the first finding.")] string? cause,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        status = parameters.OneOf(nameof(status), status, "proved", "settling", "drift", "unknown");
        cause = parameters.Literal(nameof(cause), cause);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<ProofCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;

        IQueryable<Reconciled> proofs = ledger.Reconciliations;
        if (status is not null)
            proofs = proofs.Where(row => row.Status == status);
        if (cause is not null)
            proofs = proofs.Where(row => row.Cause == cause);
        if (cursor is not null)
        {
            proofs = proofs.Where(row => EF.Functions.GreaterThan(
                ValueTuple.Create(row.AccountId, row.ProviderAccountId, row.Subject), ValueTuple.Create(cursor.AccountId, cursor.ProviderAccountId, cursor.Subject)));
        }

        var rows = await ReadAsync(ledger, proofs.OrderBy(row => row.AccountId).ThenBy(row => row.ProviderAccountId).ThenBy(row => row.Subject).Take(most + 1), cancellation);
        return TypedResults.Ok(Page.Of(rows, most, ToResponse, row => new ProofCursor(row.Proof.AccountId, row.Proof.ProviderAccountId, row.Proof.Subject)));
    }

    public static async Task<Results<Ok<Page<ReconciliationResponse>>, ProblemHttpResult>> OfAccountAsync(
        LedgerDbContext ledger, [Description("The ledger's id of the account.")] string id, CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        if (parameters.Problem is { } problem)
            return problem;
        if (!await ledger.Accounts.AnyAsync(account => account.Id == number, cancellation))
            return ApiProblem.Unknown(AccountEndpoints.Kind, id);

        var proofs = ledger.Reconciliations.Where(row => row.AccountId == number).OrderBy(row => row.ProviderAccountId).ThenBy(row => row.Subject);
        return TypedResults.Ok(new Page<ReconciliationResponse>([.. (await ReadAsync(ledger, proofs, cancellation)).Select(ToResponse)], null));
    }

    public static async Task<Results<Ok<Page<ProofChangeResponse>>, ProblemHttpResult>> ChangesAsync(
        LedgerDbContext ledger,
        [Description("The ledger's id of the account.")] string id,
        [Description(Page.Limit)] string? limit,
        [Description(Page.After)] string? after,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var number = parameters.Number(nameof(id), id);
        var most = parameters.Limit(limit);
        var cursor = parameters.After<ProofChangeCursor>(after);
        if (parameters.Problem is { } problem)
            return problem;
        if (!await ledger.Accounts.AnyAsync(account => account.Id == number, cancellation))
            return ApiProblem.Unknown(AccountEndpoints.Kind, id);

        var changes = ledger.ReconciliationChanges.Where(change => change.AccountId == number);
        if (cursor is not null)
        {
            var at = new DateTimeOffset(cursor.ChangedAt);
            changes = changes.Where(change => EF.Functions.LessThan(
                ValueTuple.Create(change.ChangedAt, change.ProviderAccountId, change.Subject), ValueTuple.Create(at, cursor.ProviderAccountId, cursor.Subject)));
        }

        changes = changes.OrderByDescending(change => change.ChangedAt).ThenByDescending(change => change.ProviderAccountId).ThenByDescending(change => change.Subject).Take(most + 1);
        var rows = await (from change in changes
                          join source in ledger.ProviderAccounts on change.ProviderAccountId equals source.Id into sources
                          from source in sources.DefaultIfEmpty()
                          orderby change.ChangedAt descending, change.ProviderAccountId descending, change.Subject descending
                          select new { Change = change, Provider = source == null ? null : source.Provider }).ToListAsync(cancellation);
        return TypedResults.Ok(Page.Of(rows, most, row => ProofChangeResponse.Of(row.Change, row.Provider),
            row => new ProofChangeCursor(row.Change.ChangedAt.UtcDateTime, row.Change.ProviderAccountId, row.Change.Subject)));
    }

    private static async Task<List<Shown>> ReadAsync(LedgerDbContext ledger, IQueryable<Reconciled> proofs, CancellationToken cancellation) =>
        await (from proof in proofs
               join account in ledger.Accounts on proof.AccountId equals account.Id
               join source in ledger.ProviderAccounts on proof.ProviderAccountId equals source.Id into sources
               from source in sources.DefaultIfEmpty()
               orderby proof.AccountId, proof.ProviderAccountId, proof.Subject
               select new Shown(proof, account.Name, source == null ? null : source.Provider)).ToListAsync(cancellation);

    private static ReconciliationResponse ToResponse(Shown shown)
    {
        var proof = shown.Proof;
        var currency = proof.Subject.Length == 0 ? proof.Currency : null;
        return new ReconciliationResponse(
            proof.AccountId, shown.Name, shown.Provider, proof.ProviderAccountId == 0 ? null : proof.ProviderAccountId,
            proof.Subject.Length == 0 ? null : proof.Subject, proof.Status, proof.Cause, currency,
            Amount(proof.Opening), proof.OpeningKnown, Amount(proof.Expected), Amount(proof.Actual), Amount(proof.Drift), proof.Since,
            proof.ObservedAt?.UtcDateTime, proof.ProvedAt?.UtcDateTime, proof.CheckedAt.UtcDateTime, proof.ChangedAt.UtcDateTime, Finding.Read(proof.Findings));

        string? Amount(decimal? amount) => currency is null ? DecimalText.Of(amount) : DecimalText.OfMoney(amount, currency);
    }

    private sealed record Shown(Reconciled Proof, string? Name, string? Provider);
}
