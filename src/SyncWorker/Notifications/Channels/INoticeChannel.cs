namespace Redbark.Sync.Worker.Notifications.Channels;

/// <summary>A way to people.</summary>
internal interface INoticeChannel
{
    /// <summary>Its name in the database and in messages.</summary>
    string Name { get; }

    /// <summary>Whether the settings name it.</summary>
    bool IsSet { get; }

    /// <summary>Sends a message; complete when it was taken.</summary>
    /// <exception cref="Exception">It was not taken.</exception>
    Task SendAsync(NoticeMessage message, CancellationToken cancellation);
}
