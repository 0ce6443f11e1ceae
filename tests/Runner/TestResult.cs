namespace Redbark.Sync.Tests.Runner;

/// <summary>What one test program, or all of them, came to.</summary>
internal sealed record TestResult
{
    public string Name { get; init; } = "";

    public int Passed { get; init; }

    public int Failed { get; init; }

    public int Skipped { get; init; }

    public int ExitCode { get; init; }

    public TimeSpan Elapsed { get; init; }

    public string Output { get; init; } = "";

    public bool Succeeded => Failed == 0 && ExitCode == 0;

    public static TestResult operator +(TestResult left, TestResult right) => new()
    {
        Passed = left.Passed + right.Passed,
        Failed = left.Failed + right.Failed,
        Skipped = left.Skipped + right.Skipped,
    };

    public override string ToString() =>
        $"{(Succeeded ? "ok    " : "FAILED")} {Name,-22} {Passed,5} passed {Failed,3} failed {Skipped,3} skipped  {Elapsed.TotalSeconds,6:0.0} s";
}
