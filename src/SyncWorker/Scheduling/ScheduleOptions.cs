using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Scheduling;

/// <summary>When jobs run: <c>Schedule:{job}</c> is cron or <c>off</c>; <c>Schedule:Enabled</c> is false on a worker that schedules nothing.</summary>
internal sealed class ScheduleOptions
{
    public const string Section = "Schedule";
    public const string EnabledKey = $"{Section}:Enabled";
    public const string Off = "off";

    /// <summary>Whether this worker runs jobs by schedule; others may.</summary>
    public bool Enabled { get; private set; } = true;

    /// <summary>What the settings say a job id, as written.</summary>
    public Dictionary<string, string> Entries { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Problems { get; } = [];

    public static void Read(ScheduleOptions options, IConfiguration configuration)
    {
        foreach (var entry in configuration.GetSection(Section).GetChildren())
        {
            if (!entry.Path.Equals(EnabledKey, StringComparison.OrdinalIgnoreCase))
                options.Entries[entry.Key] = entry.Value ?? "";
            else if (bool.TryParse(entry.Value, out var enabled))
                options.Enabled = enabled;
            else
                options.Problems.Add($"{EnabledKey}: expected true or false, found '{entry.Value}'.");
        }
    }

    /// <summary>A job's schedule; null where it is off.</summary>
    /// <exception cref="FormatException">It cannot be used.</exception>
    public CronSchedule? Of(IScheduledJob job)
    {
        var text = Entries.GetValueOrDefault(job.Id, job.DefaultCron);
        return text.Equals(Off, StringComparison.OrdinalIgnoreCase) ? null : CronSchedule.Parse(text);
    }
}

/// <summary>Says which key is wrong, what was found and what is expected.</summary>
internal sealed class ScheduleOptionsValidator(IEnumerable<IScheduledJob> jobs) : IValidateOptions<ScheduleOptions>
{
    public ValidateOptionsResult Validate(string? name, ScheduleOptions options)
    {
        var known = jobs.ToDictionary(job => job.Id, StringComparer.OrdinalIgnoreCase);
        var failures = options.Problems.ToList();
        foreach (var id in options.Entries.Keys)
        {
            if (!known.TryGetValue(id, out var job))
            {
                failures.Add($"{ScheduleOptions.Section}:{id}: expected the id of a job ({string.Join(", ", known.Keys.Order())}), or Enabled, found '{id}'.");
                continue;
            }

            try
            {
                options.Of(job);
            }
            catch (FormatException error)
            {
                failures.Add($"{ScheduleOptions.Section}:{id}: {error.Message}; or '{ScheduleOptions.Off}'.");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
