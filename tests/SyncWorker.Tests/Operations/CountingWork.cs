using Redbark.Sync.Worker.Operations;
using Asked = Redbark.Sync.Worker.Operations.Operation;

namespace Redbark.Sync.Worker.Tests.Operations;

/// <summary>Steps that do nothing but count, and whatever a test wants to happen before each.</summary>
internal sealed class CountingWork(int steps, string kind = OperationKind.Replay) : IOperationWork
{
    public string Kind => kind;

    /// <summary>The cursors that steps began with.</summary>
    public List<string?> Began { get; } = [];

    public Func<int, CancellationToken, Task<DateTimeOffset?>>? Before { get; set; }

    public async Task<Step> StepAsync(Asked operation, Progress progress, CancellationToken cancellation)
    {
        Began.Add(progress.Cursor);
        var step = int.Parse(progress.Cursor ?? "0", System.Globalization.CultureInfo.InvariantCulture) + 1;
        var rest = Before is null ? null : await Before(step, cancellation);
        if (rest is not null)
            return new Step(progress with { Doing = "rests" }, NotBefore: rest);
        cancellation.ThrowIfCancellationRequested();
        return new Step(progress.Counted("steps") with { Cursor = $"{step}", Done = step, Total = steps, Doing = $"step {step}" }, IsEnd: step == steps);
    }
}
