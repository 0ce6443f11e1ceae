using System.Text.Json;
using Redbark.Sync.Standalone.Commands;

namespace Redbark.Sync.Standalone.Proofs;

/// <summary>How a run of a job ended.</summary>
/// <param name="Said">What it did, or why it did not.</param>
internal sealed record JobEnd(string Job, string Outcome, string? Said, TimeSpan Duration)
{
    public bool Succeeded => Outcome == "succeeded";
}

/// <summary>Runs jobs of the process now, and waits for their ends.</summary>
internal static class JobRuns
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>The jobs that a proof rests on, those that are enabled, in the order in which they build on one another.</summary>
    public static async Task<List<string>> OfProofAsync(ApiClient api, CancellationToken cancellation)
    {
        var enabled = await api.ListAsync("/api/v1/jobs", cancellation)
            .Where(job => job.GetProperty("enabled").GetBoolean()).Select(job => job.GetProperty("id").GetString()!).ToListAsync(cancellation);
        return
        [
            .. enabled.Where(id => id == "sync-accounts"),
            .. enabled.Where(id => id.StartsWith("poll-balances-", StringComparison.Ordinal)),
            .. enabled.Where(id => id == "heal-gaps"),
            .. enabled.Where(id => id == "reconcile"),
        ];
    }

    /// <summary>Runs a job to its end. One that runs already is waited for first: it may have begun too early.</summary>
    /// <exception cref="UsageException">The process refuses to run it.</exception>
    public static async Task<JobEnd> RunAsync(ApiClient api, string job, CancellationToken cancellation)
    {
        while (true)
        {
            var (started, answer) = await api.PostAsync($"/api/v1/jobs/{job}/run", cancellation);
            if (started)
                return await EndAsync(api, job, answer.GetProperty("id").GetGuid(), cancellation);
            if (answer.GetProperty("reason").GetString() != "job_running")
                throw new UsageException($"{job}: {answer.GetProperty("detail").GetString()}");
            await Task.Delay(LookAgain, cancellation);
        }
    }

    private static async Task<JobEnd> EndAsync(ApiClient api, string job, Guid id, CancellationToken cancellation)
    {
        while (true)
        {
            var runs = await api.GetAsync($"/api/v1/jobs/{job}/runs?limit=20", cancellation);
            var run = runs.GetProperty("data").EnumerateArray().FirstOrDefault(run => run.GetProperty("id").GetGuid() == id);
            if (run.ValueKind is JsonValueKind.Object && run.GetProperty("finishedAt").ValueKind is not JsonValueKind.Null)
            {
                return new JobEnd(job, run.GetProperty("outcome").GetString()!, run.GetProperty("error").GetString() ?? run.GetProperty("message").GetString(),
                    TimeSpan.FromMilliseconds(run.GetProperty("durationMs").GetInt64()));
            }

            await Task.Delay(LookAgain, cancellation);
        }
    }
}
