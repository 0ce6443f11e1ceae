using Redbark.Sync.Worker.Api.Operations;
using Redbark.Sync.Worker.Console.Components;
using Redbark.Sync.Worker.Operations;

namespace Redbark.Sync.Worker.Console.Operations;

/// <summary>Operations as people speak of them.</summary>
internal static class OperationWords
{
    public static readonly IReadOnlyList<string> Kinds = [OperationKind.Replay, OperationKind.Backfill];

    public static readonly IReadOnlyList<string> States =
        [OperationState.Queued, OperationState.Running, OperationState.Done, OperationState.Failed, OperationState.Cancelled];

    public static string Kind(string state) => state switch
    {
        OperationState.Done => "good",
        OperationState.Failed => "bad",
        OperationState.Running => "info",
        OperationState.Cancelled => "warn",
        _ => "quiet",
    };

    public static bool IsOver(OperationResponse operation) => operation.FinishedAt is not null;

    public static string Title(OperationResponse operation) => operation.Kind == OperationKind.Replay ? "Replay of deliveries" : "Backfill by REST";

    /// <summary>What was asked for.</summary>
    public static string What(OperationResponse operation)
    {
        if (operation.Kind == OperationKind.Backfill)
            return $"{(operation.AccountId is { } account ? $"account {account}" : "all accounts")}, booked {operation.From} to {operation.To}";
        string?[] parts =
        [
            $"received from {Instant(operation.From)} to {(operation.To is { } to ? $"before {Instant(to)}" : "when it was asked for")}",
            operation.Feed is { } feed ? $"feed {feed}" : null, operation.Type, operation.Status,
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }

    public static string Unit(OperationResponse operation) => operation.Kind == OperationKind.Replay ? "deliveries" : "windows";

    /// <summary>How long it still takes at its pace.</summary>
    public static string? Left(OperationResponse operation) =>
        operation is { State: OperationState.Running, PerMinute: > 0 and var pace, Total: { } total } && total > operation.Done
            ? $"about {Figures.Of(TimeSpan.FromMinutes((total - operation.Done) / pace))} left"
            : null;

    public static string Pace(OperationResponse operation) => operation.PerMinute switch
    {
        null => "–",
        > 120 and var many => $"{many / 60:0.#} a second",
        var some => $"{some:0.#} a minute",
    };

    private static string Instant(string text) => text.Replace("T00:00:00Z", "", StringComparison.Ordinal).Replace('T', ' ').Replace("Z", " UTC", StringComparison.Ordinal);
}
