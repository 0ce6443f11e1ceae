using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Redbark.Sync.Worker.Api.Accounts;
using Redbark.Sync.Worker.Api.Problems;
using Redbark.Sync.Worker.Export;

namespace Redbark.Sync.Worker.Api.Export;

/// <summary><c>/export</c></summary>
internal static class ExportEndpoints
{
    public static void MapExport(this RouteGroupBuilder api) => api.MapGet("/export", ExportAsync).WithTags("Export")
        .WithSummary("Writes the ledger as plain-text accounting or CSV")
        .WithDescription("""
            Each posted row once, in the order of days; with the bank's balances that the proof agrees with as assertions. The same ledger gives the
            same bytes. It is one state of the ledger, sent while it is read: an answer that breaks off is not the whole, and a whole one in plain
            text ends with a comment `end: … lines`.
            """)
        .Produces<string>(200, "text/plain", "text/csv").ProducesProblem(400).ProducesProblem(404);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        HttpContext http,
        LedgerExporter exporter,
        [Description("hledger (which Ledger reads too), beancount or csv.")] string? format,
        [Description("The first day of booking; what was before is in the opening balances.")] string? from,
        [Description("The last day of booking.")] string? to,
        [Description("The ledger's id of an account.")] string? accountId,
        [Description("true: pending rows and holds too, in accounts of their own below Assets:Pending.")] string? pending,
        CancellationToken cancellation)
    {
        var parameters = new Parameters();
        var kind = parameters.OneOf(nameof(format), format ?? "", "hledger", "beancount", "csv");
        var first = parameters.Day(nameof(from), from);
        var last = parameters.Day(nameof(to), to);
        var account = parameters.Number(nameof(accountId), accountId);
        var withPending = parameters.YesOrNo(nameof(pending), pending) ?? false;
        if (parameters.Problem is { } problem)
            return problem;

        var request = new ExportRequest(Enum.Parse<ExportFormat>(kind!, ignoreCase: true), first, last, account, withPending);
        if (await exporter.OpenAsync(request, cancellation) is not { } export)
            return ApiProblem.Unknown(AccountEndpoints.Kind, accountId!);

        http.Response.RegisterForDisposeAsync(export);
        // Texts of a bank must not be rendered by a browser on this origin.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        var (contentType, extension) = request.Format switch
        {
            ExportFormat.Hledger => ("text/plain; charset=utf-8", "journal"),
            ExportFormat.Beancount => ("text/plain; charset=utf-8", "beancount"),
            _ => ("text/csv; charset=utf-8", "csv"),
        };
        return TypedResults.Stream(body => export.WriteAsync(body, http.RequestAborted), contentType, $"redbark-sync.{extension}");
    }
}
