using Microsoft.Extensions.Options;
using Redbark.Sync.Hosting;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Notifications.Channels;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>Notices for people.</summary>
internal static class NotificationSetup
{
    public static WebApplicationBuilder AddNotifications(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<NotificationOptions>().Configure<IConfiguration>(NotificationOptions.Read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NotificationOptions>, ProviderOptionsValidator<NotificationOptions>>();
        services.AddSingleton<IConditionSource, LedgerConditions>();
        services.AddSingleton<INoticeChannel, WebhookChannel>();
        services.AddSingleton<INoticeChannel, MailChannel>();
        services.AddSingleton<NoticeStore>();
        services.AddJob<NotifyJob>();
        return builder;
    }
}
