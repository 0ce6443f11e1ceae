namespace Redbark.Sync.Worker.Operations;

/// <summary>How one kind of operation is done: step by step, each of which may be repeated, since a worker can end before it is saved.</summary>
internal interface IOperationWork
{
    /// <summary>One of <see cref="OperationKind"/>.</summary>
    string Kind { get; }

    /// <summary>Does the next step. Whoever calls saves the progress, renews the lease and ends the work between two steps.</summary>
    Task<Step> StepAsync(Operation operation, Progress progress, CancellationToken cancellation);
}
