using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync backfill</c>: has the running process read days by REST, and follows it.</summary>
internal static class BackfillCommand
{
    public static Command Create()
    {
        var from = new Option<DateOnly>("--from") { Description = "The first booking date.", Required = true };
        var to = new Option<DateOnly?>("--to") { Description = "The last booking date; today, where it is missing." };
        var account = new Option<long?>("--account") { Description = "The ledger's id of an account; all, where it is missing." };
        var command = new Command("backfill", "Read days by Redbark's REST and apply what the ledger lacks of them.") { from, to, account };
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            using var api = ApiClient.Create(configuration);
            var order = new JsonObject { ["from"] = Iso(given.GetValue(from)), ["to"] = Iso(given.GetValue(to)), ["accountId"] = given.GetValue(account) };
            return await OperationFollow.RunAsync(api, "backfill", order, "windows", cancellation);
        });
        return command;
    }

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
