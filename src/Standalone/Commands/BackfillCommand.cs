using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync backfill</c>: has the running process read days by REST, and follows it. Ending the command does not end the work.</summary>
internal static class BackfillCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var from = new Option<DateOnly>("--from") { Description = "The first booking date.", Required = true };
        var to = new Option<DateOnly?>("--to") { Description = "The last booking date; today, where it is missing." };
        var account = new Option<long?>("--account") { Description = "The ledger's id of an account; all, where it is missing." };
        var command = new Command("backfill", "Read days by Redbark's REST and apply what the ledger lacks of them.") { from, to, account };
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            using var api = ApiClient.Create(configuration);
            var (accepted, operation) = await api.PostAsync("/api/v1/operations/backfill", cancellation, JsonContent.Create(new JsonObject
            {
                ["from"] = Iso(given.GetValue(from)),
                ["to"] = Iso(given.GetValue(to)),
                ["accountId"] = given.GetValue(account),
            }));
            if (!accepted)
                throw new UsageException(operation.GetProperty("detail").GetString() ?? operation.GetRawText());
            return await FollowAsync(api, operation, cancellation);
        });
        return command;
    }

    private static async Task<int> FollowAsync(ApiClient api, JsonElement operation, CancellationToken cancellation)
    {
        var (path, said) = ($"/api/v1/operations/{operation.GetProperty("id")}", "");
        while (true)
        {
            var line = $"{operation.GetProperty("state")}: {operation.GetProperty("done")} of {(operation.GetProperty("total").ValueKind is JsonValueKind.Null ? "?" : operation.GetProperty("total"))} windows {operation.GetProperty("counts")} {operation.GetProperty("doing")}";
            if (line != said)
                Console.WriteLine(said = line);
            if (operation.GetProperty("finishedAt").ValueKind is not JsonValueKind.Null)
                break;
            await Task.Delay(BetweenLooks, cancellation);
            operation = await api.GetAsync(path, cancellation);
        }

        if (operation.GetProperty("error").GetString() is { } error)
            Console.Error.WriteLine(error);
        return operation.GetProperty("state").GetString() == "done" ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
