using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Notifications.Channels;

/// <summary>Sends notices by mail, over SMTP with STARTTLS. A server that wants TLS from the first byte (port 465) is not spoken to.</summary>
internal sealed class MailChannel(IOptions<NotificationOptions> options) : INoticeChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "mail";

    public bool IsSet => options.Value.Mail is not null;

    public async Task SendAsync(NoticeMessage message, CancellationToken cancellation)
    {
        var settings = options.Value.Mail!;
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.StartTls };
        if (settings.UserName is not null)
            client.Credentials = new NetworkCredential(settings.UserName, settings.Password);

        using var mail = new MailMessage { From = settings.From, Subject = Subject(message), Body = Body(message), SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };
        mail.BodyTransferEncoding = TransferEncoding.QuotedPrintable;
        foreach (var to in settings.To)
            mail.To.Add(to);
        mail.Headers.Add("Message-ID", $"<{message.Id}@redbark-sync>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        await client.SendMailAsync(mail, patience.Token);
    }

    // A single notice says itself.
    private static string Subject(NoticeMessage message)
    {
        var text = message.Notices is [var only]
            ? $"{Heading(only.Change)}: {only.Condition.Summary}"
            : string.Join(", ", message.Notices.GroupBy(notice => notice.Change).Select(group => $"{group.Count()} {Heading(group.Key).ToLowerInvariant()}"));
        return $"Redbark.Sync: {text.ReplaceLineEndings(" ")}";
    }

    private static string Body(NoticeMessage message)
    {
        var text = new StringBuilder();
        foreach (var (change, condition, beganAt) in message.Notices)
        {
            text.Append(Heading(change)).Append(": ").AppendLine(condition.Summary);
            text.Append("  Since ").Append((condition.Since ?? beganAt).UtcDateTime.ToString("u", System.Globalization.CultureInfo.InvariantCulture)).AppendLine();
            if (change != NoticeChange.Ended)
                text.Append("  ").AppendLine(condition.Action);
            text.AppendLine();
        }

        return text.ToString();
    }

    private static string Heading(string change) => change switch
    {
        NoticeChange.Began => "New",
        NoticeChange.Ended => "Over",
        _ => "Still",
    };
}
