using System.Globalization;
using System.Net.Mail;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Balances.Calls;

namespace Redbark.Sync.Worker.Notifications;

/// <summary>The <c>Notifications</c> section: where notices go. Without a webhook and a mail server there are none.</summary>
internal sealed class NotificationOptions : ProviderOptions
{
    public const string Section = "Notifications";

    private static readonly TimeSpan ShortestReminder = TimeSpan.FromHours(1);

    /// <summary>How long after a notice a condition that still holds is told again.</summary>
    public TimeSpan RemindEvery { get; private set; } = TimeSpan.FromDays(1);

    public NoticeWebhook? Webhook { get; private set; }

    public NoticeMail? Mail { get; private set; }

    public static void Read(NotificationOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var settings = new ProviderSettings(section, options.Problems);
        settings.Only("RemindEvery", "WebhookUrl", "WebhookSecret", "WebhookSecretFile", "Smtp");
        options.ReadReminder(settings);
        options.ReadWebhook(settings);
        options.ReadMail(new ProviderSettings(section.GetSection("Smtp"), options.Problems));
    }

    private void ReadReminder(ProviderSettings settings)
    {
        if (settings.Text("RemindEvery") is not { } text)
            return;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= ShortestReminder)
            RemindEvery = span;
        else
            settings.Problem("RemindEvery", "a time span of an hour or more such as '1.00:00:00'", $"'{text}'");
    }

    private void ReadWebhook(ProviderSettings settings)
    {
        var (url, secret) = (settings.Text("WebhookUrl"), settings.Secret("WebhookSecret"));
        if (url is null && secret is not null)
            settings.Problem("WebhookUrl", "an address with WebhookSecret", "nothing");
        if (url is null)
            return;
        if (secret is null || secret.Length > SigningSecret.MaximumLength)
            settings.Problem("WebhookSecret", $"a secret of 1 to {SigningSecret.MaximumLength} characters that signs the notices", secret is null ? "nothing" : $"{secret.Length}");
        else
            Webhook = new(settings.Url("WebhookUrl", "https://example.com/notices"), SigningSecret.FromText("WebhookSecret", secret));
    }

    private void ReadMail(ProviderSettings smtp)
    {
        smtp.Only("Host", "Port", "StartTls", "UserName", "Password", "PasswordFile", "From", "To");
        var (host, port, tls) = (smtp.Text("Host"), smtp.Number("Port", 587, 1, 65535), Flag(smtp, "StartTls", otherwise: true));
        var (user, password) = (smtp.Text("UserName"), smtp.Secret("Password"));
        var (from, to) = (Addresses(smtp, "From", host is not null), Addresses(smtp, "To", host is not null));
        if (host is null)
            return;
        if ((user is null) != (password is null))
            smtp.Problem(user is null ? "UserName" : "Password", "both a user name and a password, or neither", "one of them");
        if (password is not null && !tls)
            smtp.Problem("StartTls", "true where a password is sent", "false");
        if (from.Count > 1)
            smtp.Problem("From", "one address", $"{from.Count}");
        if (from.Count == 1 && to.Count > 0)
            Mail = new(host, port, tls, user, password, from[0], to);
    }

    private static List<MailAddress> Addresses(ProviderSettings smtp, string key, bool needed)
    {
        var found = new List<MailAddress>();
        foreach (var text in (smtp.Text(key) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (MailAddress.TryCreate(text, out var address))
                found.Add(address);
            else
                smtp.Problem(key, "mail addresses, with commas between them", $"'{text}'");
        }

        if (needed && found.Count == 0)
            smtp.Problem(key, "a mail address", "none");
        return found;
    }

    private static bool Flag(ProviderSettings settings, string key, bool otherwise)
    {
        if (settings.Text(key) is not { } text)
            return otherwise;
        if (bool.TryParse(text, out var flag))
            return flag;
        settings.Problem(key, "true or false", $"'{text}'");
        return otherwise;
    }
}

/// <summary>Where notices are posted, and the key that signs them.</summary>
internal sealed record NoticeWebhook(Uri Url, SigningSecret Secret);

/// <summary>The mail server that takes notices, and for whom they are.</summary>
internal sealed record NoticeMail(string Host, int Port, bool StartTls, string? UserName, string? Password, MailAddress From, IReadOnlyList<MailAddress> To);
