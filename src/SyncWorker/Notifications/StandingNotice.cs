using Redbark.Sync.Hosting;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>A row of <c>ledger.notices</c>: a condition that a channel was told of, and not yet of its end.</summary>
internal sealed record StandingNotice(Condition Condition, DateTimeOffset BeganAt, DateTimeOffset ToldAt);

/// <summary>What there is to tell.</summary>
internal static class NoticeDifference
{
    /// <summary>The difference between what a channel was told and what holds.</summary>
    public static List<Notice> Of(IReadOnlyCollection<StandingNotice> told, IReadOnlyCollection<Condition> holding, DateTimeOffset now, TimeSpan remindEvery)
    {
        var known = told.ToDictionary(standing => (standing.Condition.Kind, standing.Condition.Subject));
        var still = holding.Select(condition => (condition.Kind, condition.Subject)).ToHashSet();
        return
        [
            .. holding.Where(condition => !known.ContainsKey((condition.Kind, condition.Subject))).Select(condition => new Notice(NoticeChange.Began, condition, now)),
            .. told.Where(standing => !still.Contains((standing.Condition.Kind, standing.Condition.Subject)))
                .Select(standing => new Notice(NoticeChange.Ended, standing.Condition, standing.BeganAt)),
            .. holding.Where(condition => known.TryGetValue((condition.Kind, condition.Subject), out var standing) && now - standing.ToldAt >= remindEvery)
                .Select(condition => new Notice(NoticeChange.Reminder, condition, known[(condition.Kind, condition.Subject)].BeganAt)),
        ];
    }
}
