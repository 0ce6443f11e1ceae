using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Redbark.Sync.Standalone.Commands;

/// <summary>Has the running process do long work, and says how far it is. Ending the command does not end the work.</summary>
internal static class OperationFollow
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <returns>The exit code.</returns>
    /// <param name="api">The process.</param>
    /// <param name="kind">replay or backfill.</param>
    /// <param name="order">What is asked for.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <exception cref="UsageException">The process refuses it.</exception>
    public static async Task<int> RunAsync(ApiClient api, string kind, JsonObject order, string unit, CancellationToken cancellation)
    {
        var (accepted, operation) = await api.PostAsync($"/api/v1/operations/{kind}", cancellation, JsonContent.Create(order));
        if (!accepted)
            throw new UsageException(operation.GetProperty("detail").GetString() ?? operation.GetRawText());

        var (path, said) = ($"/api/v1/operations/{operation.GetProperty("id")}", "");
        while (true)
        {
            var line = $"{operation.GetProperty("state")}: {operation.GetProperty("done")} of {(operation.GetProperty("total").ValueKind is JsonValueKind.Null ? "?" : operation.GetProperty("total"))} {unit} {operation.GetProperty("counts")} {operation.GetProperty("doing")}";
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
}
