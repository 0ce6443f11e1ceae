using System.Globalization;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Retention;

/// <summary>How long history is kept: <c>Retention:{key}</c>, a time span or <c>forever</c>.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";
    public const string Forever = "forever";

    /// <summary>What can be removed. A delivery that is sent again is recognised by the archive of the last 92 days.</summary>
    public static readonly IReadOnlyList<RetentionRule> Rules =
    [
        new("Deliveries", TimeSpan.FromDays(93), null, [new("deliveries", """
            EXISTS (SELECT FROM ledger.{0} WHERE status = 'parked')
            OR EXISTS (SELECT FROM ledger.quarantine WHERE state = 'open' AND delivery_received_at >= $1 AND delivery_received_at < $2)
            """, "parked deliveries, or rows in quarantine that it brought")]),
        new("Revisions", TimeSpan.FromDays(31), null, [new("transaction_revisions"), new("trade_revisions")]),
        new("Balances", TimeSpan.FromDays(31), null, [Newest("balances"), Newest("holdings")]),
        new("Reconciliations", TimeSpan.FromDays(31), null, [new("reconciliation_changes")]),
        new("JobRuns", TimeSpan.FromDays(31), TimeSpan.FromDays(90), [new("job_runs", ServedLast, "the newest run of a job, which says that its time is served")]),
        new("Operations", TimeSpan.FromDays(1), TimeSpan.FromDays(90), [], "DELETE FROM ledger.operations WHERE finished_at < $1"),
        new("Audit", TimeSpan.FromDays(31), null, [new("audit")]),
    ];

    // Without it a job that comes once a year would be made up again.
    private const string ServedLast = """
        EXISTS (SELECT FROM ledger.{0} old WHERE old.outcome IN ('succeeded', 'failed', 'skipped') AND NOT EXISTS (
            SELECT FROM ledger.job_runs newer WHERE newer.job = old.job AND newer.started_at >= $2 AND newer.outcome IN ('succeeded', 'failed', 'skipped')))
        """;

    /// <summary>How long each is kept; null for ever.</summary>
    public Dictionary<RetentionRule, TimeSpan?> Ages { get; } = [];

    public List<string> Problems { get; } = [];

    public static void Read(RetentionOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        foreach (var rule in Rules)
            options.Ages[rule] = options.Age(rule, section[rule.Key]);
        foreach (var other in section.GetChildren().Where(child => !Rules.Any(rule => rule.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase))))
            options.Problems.Add($"{other.Path}: expected {string.Join(", ", Rules.Select(rule => rule.Key))}, found '{other.Key}'.");
    }

    private TimeSpan? Age(RetentionRule rule, string? text)
    {
        if (text is null)
            return rule.Usual;
        if (text.Equals(Forever, StringComparison.OrdinalIgnoreCase))
            return null;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var age) && age >= rule.Least)
            return age;
        Problems.Add($"{Section}:{rule.Key}: expected '{Forever}' or a time span of {rule.Least.Days} days or more such as '400.00:00:00', found '{text}'.");
        return rule.Usual;
    }

    // The last good balance is shown until there is a newer one, however old it is.
    private static RetentionTable Newest(string table) => new(table, $$"""
        EXISTS (SELECT FROM ledger.{0} old WHERE NOT EXISTS (
            SELECT FROM ledger.{{table}} newer WHERE newer.provider_account_id = old.provider_account_id AND newer.retrieved_at >= $2))
        """, "the newest figures of an account");
}

/// <summary>One key of the settings.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Least">The shortest time that may be set.</param>
/// <param name="Usual">The time where nothing is set; null for ever.</param>
/// <param name="Tables">What it is about.</param>
/// <param name="Delete">SQL that removes single rows of a small table, those from before $1.</param>
internal sealed record RetentionRule(string Key, TimeSpan Least, TimeSpan? Usual, IReadOnlyList<RetentionTable> Tables, string? Delete = null);

/// <summary>A table that is partitioned by month.</summary>
/// <param name="Name">Its name.</param>
/// <param name="StillNeeded">SQL that says whether a month of it, <c>{0}</c>, from $1 to before $2, must stay.</param>
/// <param name="Because">What such a month holds.</param>
internal sealed record RetentionTable(string Name, string? StillNeeded = null, string? Because = null);

/// <summary>Says which key is wrong, what was found and what is expected.</summary>
internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);
}
