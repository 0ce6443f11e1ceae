using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Hosting;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Notifications;
using Redbark.Sync.Worker.Scheduling;
using Redbark.Sync.Worker.Telemetry;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Notifications;

public sealed class NotifyTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, string?> _settings = [];
    private TestDatabase? _database;
    private NoticeReceiver? _receiver;

    private NoticeReceiver Receiver => _receiver!;

    public async ValueTask InitializeAsync()
    {
        _database = await LedgerDatabase.CreateAsync();
        _receiver = await NoticeReceiver.StartAsync(_clock);
        _settings["Notifications:WebhookUrl"] = Receiver.Url.ToString();
        _settings["Notifications:WebhookSecret"] = NoticeReceiver.Secret;
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver!.DisposeAsync();
        await _database!.DisposeAsync();
    }

    [Fact]
    public async Task A_condition_is_told_when_it_begins_and_when_it_ends_and_once_a_day_in_between()
    {
        await using var worker = Start();
        Assert.Equal("0 conditions, 0 notices sent", await RunAsync(worker));
        await BeSilentAsync(worker, "daily");
        Assert.Equal("1 condition, 1 notice sent", await RunAsync(worker));
        Assert.Equal("1 condition, 0 notices sent", await RunAsync(worker));

        _clock.Advance(TimeSpan.FromHours(23));
        Assert.Equal("1 condition, 0 notices sent", await RunAsync(worker));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("1 condition, 1 notice sent", await RunAsync(worker));
        Assert.Equal("1 condition, 0 notices sent", await RunAsync(worker));

        await worker.ExecuteAsync("UPDATE ledger.feed_states SET silent_since = NULL");
        Assert.Equal("0 conditions, 1 notice sent", await RunAsync(worker));
        Assert.Equal("0 conditions, 0 notices sent", await RunAsync(worker));
        await BeSilentAsync(worker, "daily");
        await RunAsync(worker);

        Assert.Equal(["began silent_feed daily", "reminder silent_feed daily", "ended silent_feed daily", "began silent_feed daily"], Receiver.Told);
        Assert.Equal(4, Receiver.Messages.Select(message => message.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.All(Receiver.Verdicts, verdict => Assert.Equal(SignatureVerdict.Valid, verdict));
    }

    [Fact]
    public async Task A_restart_repeats_nothing()
    {
        await using (var worker = Start())
        {
            await BeSilentAsync(worker, "daily");
            await RunAsync(worker);
        }

        await using var next = Start();
        Assert.Equal("1 condition, 0 notices sent", await RunAsync(next));
        Assert.Equal(["began silent_feed daily"], Receiver.Told);
    }

    [Fact]
    public async Task A_message_that_is_repeated_after_a_crash_has_the_same_id()
    {
        // A tick is finer than the database's time.
        _clock.Advance(TimeSpan.FromTicks(7));
        await using var worker = Start();
        await BeSilentAsync(worker, "daily");
        await BreakOffAsync(worker);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("1 condition, 1 notice sent", await RunAsync(worker));

        _clock.Advance(TimeSpan.FromDays(1));
        await BreakOffAsync(worker);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("1 condition, 1 notice sent", await RunAsync(worker));

        await worker.ExecuteAsync("UPDATE ledger.feed_states SET silent_since = NULL");
        await BreakOffAsync(worker);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("0 conditions, 1 notice sent", await RunAsync(worker));

        Assert.Equal(["began", "began", "reminder", "reminder", "ended", "ended"], Receiver.Told.Select(told => told.Split(' ')[0]));
        var ids = Receiver.Messages.Select(message => message.GetProperty("id").GetGuid()).ToList();
        Assert.Equal((ids[0], ids[2], ids[4]), (ids[1], ids[3], ids[5]));
        Assert.Equal(3, ids.Distinct().Count());
    }

    [Fact]
    public async Task What_may_have_been_told_before_a_crash_is_told_to_have_ended()
    {
        await using var worker = Start();
        await BeSilentAsync(worker, "daily");
        await BreakOffAsync(worker);
        await worker.ExecuteAsync("UPDATE ledger.feed_states SET silent_since = NULL");
        Assert.Equal("0 conditions, 1 notice sent", await RunAsync(worker));
        Assert.Equal("0 conditions, 0 notices sent", await RunAsync(worker));
        Assert.Equal(["began silent_feed daily", "ended silent_feed daily"], Receiver.Told);
    }

    [Fact]
    public async Task A_source_that_fails_silences_no_other_and_none_of_its_own_is_told_to_be_over()
    {
        var journal = new UnsteadySource();
        await using var worker = Start(services => services.AddSingleton<IConditionSource>(journal));
        await BeSilentAsync(worker, "daily");
        Assert.Equal("2 conditions, 2 notices sent", await RunAsync(worker));

        journal.Fault = new IOException("the disk is gone");
        await worker.ExecuteAsync("UPDATE ledger.feed_states SET silent_since = NULL");
        await BeSilentAsync(worker, "weekly");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(worker));
        Assert.Contains("the disk is gone", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["began disk", "began silent_feed daily", "began silent_feed weekly", "ended silent_feed daily"], Receiver.Told.Order(StringComparer.Ordinal));

        (journal.Fault, journal.Holds) = (null, false);
        Assert.Equal("1 condition, 1 notice sent", await RunAsync(worker));
        Assert.Equal("ended disk", Receiver.Told[^1]);
    }

    [Fact]
    public async Task What_a_channel_did_not_take_is_sent_again_to_it_alone()
    {
        await using var mail = new SmtpReceiver();
        WithMail(mail);
        await using var worker = Start();
        await BeSilentAsync(worker, "daily");
        Receiver.Status = HttpStatusCode.ServiceUnavailable;
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(worker));
        Assert.Contains("webhook", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(NoticeReceiver.Secret, failure.ToString(), StringComparison.Ordinal);
        Assert.Single(mail.Mails);

        Receiver.Status = HttpStatusCode.OK;
        Assert.Equal("1 condition, 1 notice sent", await RunAsync(worker));
        Assert.Equal(["began silent_feed daily"], Receiver.Told);
        Assert.Single(mail.Mails);
    }

    [Fact]
    public async Task A_mail_says_what_began_and_what_to_do_and_a_refused_one_comes_again()
    {
        await using var mail = new SmtpReceiver();
        WithMail(mail);
        _settings.Remove("Notifications:WebhookUrl");
        _settings.Remove("Notifications:WebhookSecret");
        await using var worker = Start();
        await BeSilentAsync(worker, "daily");
        mail.RefuseNext(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(worker));
        Assert.Empty(mail.Mails);
        Assert.Equal("1 condition, 1 notice sent", await RunAsync(worker));

        var sent = Assert.Single(mail.Mails);
        Assert.Equal(("bank@example.com", "one@example.com,two@example.com"), (sent.From, string.Join(',', sent.To)));
        Assert.Contains("Subject: Redbark.Sync: New: Feed daily is silent", sent.Text, StringComparison.Ordinal);
        Assert.Contains("dashboard", sent.Text.Replace($"={Environment.NewLine}", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_condition_is_seen_here_and_in_the_gauges()
    {
        await using var worker = Start();
        var clean = await worker.Get<StandingReader>().ReadAsync(CancellationToken.None);
        Assert.Equal((0, 0, 0), (clean.Quarantined, clean.Parked, clean.Connections));
        Assert.Equal(["drift", "proved", "settling", "unknown"], clean.Proofs.Keys.Order());
        Assert.All(clean.Proofs.Values.Concat(clean.Gaps.Values), count => Assert.Equal(0, count));

        await BeSilentAsync(worker, "daily");
        await ArchivedDeliveries.AddAsync(worker, "daily", _clock.GetUtcNow());
        await worker.ExecuteAsync("UPDATE ledger.deliveries SET status = 'parked', error = 'it failed'");
        await worker.ExecuteAsync("""
            INSERT INTO ledger.quarantine (delivery_id, delivery_received_at, row_index, origin, kind, reason, detail, raw_json, row_hash, created_at)
            SELECT id, received_at, n, 'new', 'transaction', 'amount', 'no amount', '{}', gen_random_uuid(), now() FROM ledger.deliveries, generate_series(0, 1) n;
            INSERT INTO ledger.connections (provider, connection_id, institution, status, first_seen_at, needs_attention_since) VALUES ('revolut', 'own', 'Revolut', 'expired', now(), now());
            INSERT INTO ledger.connections (provider, connection_id, institution, status, first_seen_at, consent_ends_at) VALUES ('tokenio', 'bank', 'Iron', 'active', now(), '2026-11-30 10:00Z');
            INSERT INTO ledger.accounts (provider, external_id, name, first_seen_at, last_delivery_at) VALUES ('redbark', 'everyday', 'Everyday', now(), now());
            INSERT INTO ledger.provider_accounts (provider, connection_id, external_id, account_id, is_brokerage, first_seen_at, last_listed_at)
            SELECT 'redbark', 'c', 'everyday', id, false, now(), now() FROM ledger.accounts;
            INSERT INTO ledger.reconciliations (account_id, provider_account_id, subject, status, currency, opening_known, drift, since, findings, checked_at, changed_at)
            SELECT p.account_id, p.id, '', 'drift', 'AUD', true, -12.50, '2026-11-02', '[]', now(), now() FROM ledger.provider_accounts p;
            INSERT INTO ledger.gaps (kind, key, missing_chunks, from_day, to_day, as_of, detected_at, opened_at, state, attempts, rows_read, rows_applied)
            VALUES ('drift', 'k', '{}', '2026-11-01', '2026-11-02', now(), now(), now(), 'failed', 1, 0, 0);
            """);
        await RunAsync(worker);

        Assert.Equal(
            ["began connection revolut/own", "began consent_ending tokenio/bank", "began drift everyday/redbark/", "began gap_failed", "began parked", "began quarantine", "began silent_feed daily"],
            Receiver.Told.Order(StringComparer.Ordinal));
        Assert.Equal(
            Receiver.Told.Select(told => told.Split(' ')[1]).Order(StringComparer.Ordinal),
            worker.Get<IEnumerable<IConditionSource>>().OfType<LedgerConditions>().Single().Kinds.Order(StringComparer.Ordinal));
        var summaries = Receiver.Messages.Single().GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("summary").GetString()).ToList();
        Assert.Contains("Everyday: the ledger and redbark differ by -12.50 AUD since 2026-11-02.", summaries);
        Assert.Contains("2 rows in quarantine.", summaries);
        Assert.Contains("The consent of Iron (tokenio) ends 2026-11-30 10:00:00Z.", summaries);

        var standing = await worker.Get<StandingReader>().ReadAsync(CancellationToken.None);
        Assert.Equal((2, 1, 1, 1), (standing.Quarantined, standing.Parked, standing.Connections, standing.EndingConsents));
        Assert.Equal((1, 0, 1), (standing.Proofs["drift"], standing.Proofs["proved"], standing.Gaps["failed"]));
        Assert.Equal(("daily", true), (standing.Feeds.Single().Name, standing.Feeds.Single().IsSilent));
    }

    [Fact]
    public async Task Without_a_way_to_people_the_job_is_off_and_says_why()
    {
        _settings.Clear();
        await using var worker = Start();
        Assert.Equal("neither Notifications:WebhookUrl nor Notifications:Smtp:Host is set", Job(worker).DisabledBecause);
    }

    [Theory]
    [InlineData("Notifications:WebhookUrl", "http://example.com/", "Notifications:WebhookUrl: expected an https address")]
    [InlineData("Notifications:WebhookSecret", "", "Notifications:WebhookSecret: expected a secret")]
    [InlineData("Notifications:RemindEvery", "00:30:00", "Notifications:RemindEvery: expected a time span of an hour or more")]
    [InlineData("Notifications:Smtp:Host", "mail.example.com", "Notifications:Smtp:From: expected a mail address")]
    [InlineData("Notifications:Smtp:Port", "0", "Notifications:Smtp:Port: expected a number from 1 to 65535")]
    [InlineData("Notifications:Smpt", "x", "Notifications:Smpt: expected one of")]
    public void A_setting_that_cannot_be_used_is_named(string key, string value, string expected)
    {
        _settings[key] = value;
        var options = new NotificationOptions();
        NotificationOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection(_settings).Build());
        Assert.Contains(options.Problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(options.Problems, problem => problem.Contains(NoticeReceiver.Secret, StringComparison.Ordinal));
    }

    private static IScheduledJob Job(WorkerUnderTest worker) => worker.Get<IEnumerable<IScheduledJob>>().Single(job => job.Id == "notify");

    /// <summary>A worker that dies when the message was taken, before it can write that down.</summary>
    private async Task BreakOffAsync(WorkerUnderTest worker)
    {
        using var death = new CancellationTokenSource();
        Receiver.Took = death.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Job(worker).RunAsync(death.Token));
        Receiver.Took = null;
    }

    private static Task<string> RunAsync(WorkerUnderTest worker) => Job(worker).RunAsync(CancellationToken.None);

    private void WithMail(SmtpReceiver mail)
    {
        _settings["Notifications:Smtp:Host"] = "127.0.0.1";
        _settings["Notifications:Smtp:Port"] = mail.Port.ToString();
        _settings["Notifications:Smtp:StartTls"] = "false";
        _settings["Notifications:Smtp:From"] = "bank@example.com";
        _settings["Notifications:Smtp:To"] = "one@example.com, two@example.com";
    }

    private Task BeSilentAsync(WorkerUnderTest worker, string feed) => worker.ExecuteAsync($"""
        INSERT INTO ledger.feed_states (feed, last_delivery_at, pauses, silent_since, checked_at) VALUES ('{feed}', now(), 0, now(), now())
        ON CONFLICT (feed) DO UPDATE SET silent_since = now()
        """);

    private WorkerUnderTest Start(Action<IServiceCollection>? change = null) => new(_database!.ConnectionString, services =>
    {
        change?.Invoke(services);
        services.AddSingleton<TimeProvider>(_clock);
        services.Configure<NotificationOptions>(options => NotificationOptions.Read(options, new ConfigurationBuilder().AddInMemoryCollection(_settings).Build()));
    });

    /// <summary>A source of one condition.</summary>
    private sealed class UnsteadySource : IConditionSource
    {
        public bool Holds { get; set; } = true;

        public Exception? Fault { get; set; }

        public IReadOnlyCollection<string> Kinds => ["disk"];

        public Task<IReadOnlyList<Condition>> ReadAsync(CancellationToken cancellation) => Fault is null
            ? Task.FromResult<IReadOnlyList<Condition>>(Holds ? [new Condition("disk", "", "The disk is nearly full.", "Make room.", Since: null)] : [])
            : Task.FromException<IReadOnlyList<Condition>>(Fault);
    }
}
