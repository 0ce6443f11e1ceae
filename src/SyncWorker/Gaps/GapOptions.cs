using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Gaps;

/// <summary>When rows count as missing, and how far back to look for them: the keys under <c>Gaps</c>.</summary>
internal sealed class GapOptions
{
    public const string Section = "Gaps";

    /// <summary>How long after a run's last delivery its other chunks may still come. The sender gives up after 13 seconds (redbark 3.1).</summary>
    public TimeSpan ChunkGrace { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many days back to look where nothing says on which days the missing rows were booked.</summary>
    public int FirstRunDays { get; set; } = 90;
}

/// <summary>Says which key is wrong, what was found and what is expected.</summary>
internal sealed class GapOptionsValidator : IValidateOptions<GapOptions>
{
    public ValidateOptionsResult Validate(string? name, GapOptions options)
    {
        var problems = new List<string>();
        if (options.ChunkGrace < TimeSpan.Zero || options.ChunkGrace > TimeSpan.FromDays(7))
            problems.Add($"{GapOptions.Section}:{nameof(options.ChunkGrace)}: expected a time span up to 7 days, such as 00:10:00, found '{options.ChunkGrace}'.");
        if (options.FirstRunDays is < 1 or > 2600)
            problems.Add($"{GapOptions.Section}:{nameof(options.FirstRunDays)}: expected a number of days from 1 to 2600, found '{options.FirstRunDays}'.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
