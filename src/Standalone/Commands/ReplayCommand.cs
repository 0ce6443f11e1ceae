using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary>
/// <c>redbark-sync replay</c>: has the running process read archived deliveries again and apply them; a range of them as an operation,
/// which it follows. Into an emptied ledger that is a rebuild.
/// </summary>
internal static class ReplayCommand
{
    // Before any delivery of Redbark's.
    private static readonly DateTimeOffset TheBeginning = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] Counts = ["rows", "applied", "unchanged", "quarantined", "ignored"];

    public static Command Create()
    {
        var delivery = new Argument<Guid?>("delivery") { Description = "The id of one delivery.", Arity = ArgumentArity.ZeroOrOne };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Or all received since this time (ISO 8601)." };
        var to = new Option<DateTimeOffset?>("--to") { Description = "…and before this one." };
        var status = new Option<string?>("--status") { Description = "…of this status only, such as parked." };
        var command = new Command("replay", "Apply archived deliveries again; what they said already changes nothing.") { delivery, from, to, status };
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            using var api = ApiClient.Create(configuration);
            if (given.GetValue(delivery) is { } id)
                return await ReplayAsync(api, id, cancellation) ? ExitCodes.Ok : ExitCodes.Failed;
            if (given.GetValue(from) is null && given.GetValue(status) is null)
                throw new UsageException("give a delivery's id, or --from, or --status.");

            var order = new JsonObject { ["from"] = Iso(given.GetValue(from) ?? TheBeginning), ["to"] = Iso(given.GetValue(to)), ["status"] = given.GetValue(status) };
            return await OperationFollow.RunAsync(api, "replay", order, "deliveries", cancellation);
        });
        return command;
    }

    private static async Task<bool> ReplayAsync(ApiClient api, Guid id, CancellationToken cancellation)
    {
        var (succeeded, answer) = await api.PostAsync($"/api/v1/deliveries/{id}/replay", cancellation);
        Console.WriteLine($"{id} {(succeeded ? Summary(answer) : answer.GetRawText())}");
        return succeeded;
    }

    private static string Summary(JsonElement answer) =>
        string.Join(", ", Counts.Select(count => $"{count} {answer.GetProperty(count)}"));

    private static string? Iso(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
