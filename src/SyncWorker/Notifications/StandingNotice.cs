using Redbark.Sync.Hosting;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>A row of <c>ledger.notices</c>: a condition that a channel is told of, and not yet of its end.</summary>
/// <param name="Condition">What holds, or held.</param>
/// <param name="BeganAt">When it was first seen.</param>
/// <param name="ToldAt">When the channel last took it; null where that is not known, because it did not take it, or a crash came between.</param>
internal sealed record StandingNotice(Condition Condition, DateTimeOffset BeganAt, DateTimeOffset? ToldAt);

/// <summary>What there is to tell.</summary>
internal static class NoticeDifference
{
    /// <summary>The difference between what a channel was told and what holds.</summary>
    /// <param name="standing">What the channel was told or is to be told; all that holds is among it.</param>
    /// <param name="holding">What holds.</param>
    /// <param name="unknown">Kinds of which nobody can say at the moment whether they hold.</param>
    /// <param name="now">The time.</param>
    /// <param name="remindEvery">After how long what still holds is told again.</param>
    public static List<Notice> Of(
        IReadOnlyCollection<StandingNotice> standing, IReadOnlyCollection<Condition> holding, IReadOnlySet<string> unknown, DateTimeOffset now, TimeSpan remindEvery)
    {
        var still = holding.ToDictionary(condition => (condition.Kind, condition.Subject));
        var (began, ended, reminders) = (new List<Notice>(), new List<Notice>(), new List<Notice>());
        foreach (var (condition, beganAt, toldAt) in standing)
        {
            if (!still.TryGetValue((condition.Kind, condition.Subject), out var holds))
            {
                // Also of what may not have been told: somebody who was, before a crash, would believe that it lasts.
                if (!unknown.Contains(condition.Kind))
                    ended.Add(new Notice(NoticeChange.Ended, condition, beganAt));
            }
            else if (toldAt is null)
                began.Add(new Notice(NoticeChange.Began, holds, beganAt));
            else if (now - toldAt >= remindEvery)
                reminders.Add(new Notice(NoticeChange.Reminder, holds, beganAt) { ToldAt = toldAt });
        }

        return [.. began, .. ended, .. reminders];
    }
}
