using System.Security.Cryptography;
using System.Text;
using Redbark.Sync.Hosting;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>One thing to tell.</summary>
/// <param name="Change"><see cref="NoticeChange"/>.</param>
/// <param name="Condition">What holds, or held.</param>
/// <param name="BeganAt">When it was first seen.</param>
internal sealed record Notice(string Change, Condition Condition, DateTimeOffset BeganAt)
{
    /// <summary>Of a reminder: when it was told before.</summary>
    public DateTimeOffset? ToldAt { get; init; }
}

/// <summary>What became of a condition.</summary>
internal static class NoticeChange
{
    public const string Began = "began";
    public const string Reminder = "reminder";
    public const string Ended = "ended";
}

/// <summary>What a channel is given to send: all that is new to it, at once.</summary>
/// <param name="At">When.</param>
/// <param name="Notices">At least one; what began first, then what ended, then reminders.</param>
internal sealed record NoticeMessage(DateTimeOffset At, IReadOnlyList<Notice> Notices)
{
    /// <summary>The same for the same notices, so that a message that came twice can be recognised. It follows from what the database holds before the message is sent.</summary>
    public Guid Id { get; } = new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Notices.Select(notice =>
        $"{notice.Change}\t{notice.Condition.Kind}\t{notice.Condition.Subject}\t{notice.BeganAt.UtcTicks}\t{notice.ToldAt?.UtcTicks ?? 0}"))))[..16]);
}
