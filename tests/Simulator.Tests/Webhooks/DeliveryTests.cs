using System.Globalization;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Tests.Webhooks;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_request_carries_the_headers_and_a_signature_that_verifies()
    {
        await using var stage = await Stage.SetAsync();

        await stage.Redbark.RunAsync();

        var request = Assert.Single(stage.Receiver.Received);
        Assert.Equal("application/json", request.Headers.ContentType);
        Assert.Equal("Redbark-Webhook/1.0", request.Headers.UserAgent);
        Assert.Equal(request.EventId, request.Headers[WebhookHeaders.DeliveryId]);
        Assert.Equal(stage.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), request.Headers[WebhookHeaders.Timestamp]);
        Assert.True(Verify(stage, request).IsValid);
    }

    [Fact]
    public async Task Rows_are_sent_in_chunks_of_500_one_after_another()
    {
        await using var stage = await Stage.SetAsync(rows: 1200);

        var report = await stage.Redbark.RunAsync();

        var requests = stage.Receiver.Received;
        Assert.Equal([500, 500, 200], requests.Select(request => request.NewIds.Count));
        Assert.Equal([1, 2, 3], requests.Select(request => request.Metadata("chunk")));
        Assert.All(requests, request => Assert.Equal(3, request.Metadata("total_chunks")));
        Assert.Single(requests.Select(request => (string?)request.Json["metadata"]!["sync_run_id"]).Distinct());
        Assert.Equal(3, requests.Select(request => request.EventId).Distinct().Count());
        Assert.Equal(1200, requests.SelectMany(request => request.NewIds).Distinct().Count());
        Assert.Equal((RunOutcome.Delivered, 1200), (report.Outcome, report.RowsDelivered));
    }

    [Fact]
    public async Task New_and_updated_rows_share_the_500_of_a_chunk()
    {
        await using var stage = await Stage.SetAsync(rows: 400);
        await stage.Redbark.RunAsync();
        foreach (var row in stage.Redbark.Bank.Transactions.Where(row => row.Status == TransactionStatus.Posted))
            stage.Redbark.Bank.Correct(row.Key, before => before with { Description = "CORRECTED" });
        stage.Redbark.Generator.PostRows(300);

        await stage.Redbark.RunAsync();

        var sizes = stage.Receiver.Received.Skip(1).Select(request => (request.NewIds.Count, request.UpdatedIds.Count));
        Assert.Equal([(300, 200), (0, 200)], sizes);
    }

    [Fact]
    public async Task Trades_travel_in_events_of_their_own()
    {
        await using var stage = await Stage.SetAsync(rows: 1, trades: 4);

        await stage.Redbark.RunAsync();

        Assert.Equal([EventTypes.TransactionsSynced, EventTypes.TradesSynced], stage.Receiver.Received.Select(request => (string)request.Json["type"]!));
        Assert.Equal(stage.Redbark.Bank.Trades.Select(trade => trade.Id), stage.Receiver.Received[1].NewIds);
        Assert.Equal(1, stage.Receiver.Received[1].Metadata("chunk"));
    }

    [Fact]
    public async Task Chunks_can_be_numbered_through_all_events_of_a_run()
    {
        await using var stage = await Stage.SetAsync(rows: 1, trades: 1, sender: new SenderOptions { ChunksAcrossTypes = true });

        await stage.Redbark.RunAsync();

        Assert.Equal([(1, 2), (2, 2)], stage.Receiver.Received.Select(request => (request.Metadata("chunk"), request.Metadata("total_chunks"))));
    }

    [Theory]
    [InlineData(false, new[] { 2, 2, 1 })]
    [InlineData(true, new[] { 5, 5, 5 })]
    public async Task Counts_are_of_the_request_or_of_the_run(bool perRun, int[] expected)
    {
        await using var stage = await Stage.SetAsync(rows: 5, sender: new SenderOptions { ChunkSize = 2, CountsPerRun = perRun });

        await stage.Redbark.RunAsync();

        Assert.Equal(expected, stage.Receiver.Received.Select(request => request.Metadata("new_count")));
    }

    [Fact]
    public async Task A_run_without_news_sends_nothing()
    {
        await using var stage = await Stage.SetAsync();
        await stage.Redbark.RunAsync();

        var report = await stage.Redbark.RunAsync();

        Assert.Equal(RunOutcome.NothingToSend, report.Outcome);
        Assert.Single(stage.Receiver.Received);
    }

    [Fact]
    public async Task A_correction_arrives_as_updated_with_its_previous_value()
    {
        await using var stage = await Stage.SetAsync();
        await stage.Redbark.RunAsync();
        var row = stage.Redbark.Bank.Transactions[0];
        stage.Redbark.Bank.Correct(row.Key, before => before with { Description = "CORRECTED" });

        await stage.Redbark.RunAsync();

        var request = stage.Receiver.Received[1];
        Assert.Empty(request.NewIds);
        var updated = request.Json["data"]!["updated"]![0]!;
        Assert.Equal((row.Id, "CORRECTED"), ((string)updated["id"]!, (string)updated["description"]!));
        Assert.Equal(row.Description, (string)updated["previous_attributes"]!["description"]!);
    }

    [Fact]
    public async Task Pending_rows_are_sent_only_where_they_are_switched_on()
    {
        await using var without = await Stage.SetAsync();
        await using var with = await Stage.SetAsync(includePending: true);

        await without.Redbark.RunAsync();
        await with.Redbark.RunAsync();

        Assert.Equal(3, without.Receiver.Received[0].NewIds.Count);
        Assert.Equal(5, with.Receiver.Received[0].NewIds.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_settlement_is_an_update_under_the_same_id_and_a_new_row_under_another(bool underNewId)
    {
        await using var stage = await Stage.SetAsync(includePending: true);
        await stage.Redbark.RunAsync();
        var pending = stage.Redbark.Bank.Transactions.First(row => row.Status == TransactionStatus.Pending);
        var settled = stage.Redbark.Bank.Settle(pending.Key, underNewId);

        await stage.Redbark.RunAsync();

        var request = stage.Receiver.Received[1];
        Assert.Equal(underNewId ? [settled.Id] : [], request.NewIds);
        Assert.Equal(underNewId ? [] : [pending.Id], request.UpdatedIds);
        Assert.Equal(underNewId, settled.Id != pending.Id);
    }

    [Fact]
    public async Task Rows_before_the_start_date_are_never_sent()
    {
        await using var stage = await Stage.SetAsync(rows: 90, startDate: new DateOnly(2026, 9, 1));

        await stage.Redbark.RunAsync();

        var due = stage.Redbark.Bank.Transactions.Where(row =>
            row.Status == TransactionStatus.Posted && stage.Redbark.Bank.DateOf(row.OccurredAt) >= new DateOnly(2026, 9, 1)).Select(row => row.Id).ToList();
        Assert.InRange(due.Count, 1, 89);
        Assert.Equal(due, stage.Receiver.Received[0].NewIds);
    }

    [Fact]
    public async Task An_invalidated_connection_goes_quiet()
    {
        await using var stage = await Stage.SetAsync();
        stage.Redbark.Bank.SetStatus(stage.Redbark.Bank.Connections[0].Id, "invalidated");

        Assert.Equal(RunOutcome.NothingToSend, (await stage.Redbark.RunAsync()).Outcome);
    }

    [Fact]
    public async Task Runs_within_one_second_have_growing_times()
    {
        await using var stage = await Stage.SetAsync();
        await stage.Redbark.RunAsync();
        stage.Redbark.Generator.PostRows(1);
        await stage.Redbark.RunAsync();

        var created = stage.Receiver.Received.Select(request => (long)request.Json["created"]!).ToArray();
        Assert.Equal(created[0] + 1, created[1]);
    }

    [Fact]
    public async Task The_wire_library_reads_every_row_that_is_sent()
    {
        await using var stage = await Stage.SetAsync(rows: 400, trades: 5, includePending: true);
        await stage.Redbark.RunAsync();

        var rows = 0;
        foreach (var request in stage.Receiver.Received)
        {
            var delivered = Read(request);
            Assert.Empty(delivered switch
            {
                TransactionsDelivered transactions => transactions.Rejected,
                TradesDelivered trades => trades.Rejected,
                _ => throw new InvalidOperationException(delivered.GetType().Name),
            });
            rows += delivered is TransactionsDelivered { Rows: var some } ? some.Count : ((TradesDelivered)delivered).Rows.Count;
            if (delivered is TransactionsDelivered { Rows: var read })
                Assert.All(read, row => Assert.Equal(BookedOn(stage, row.ExternalId), row.BookedOn));
        }

        Assert.Equal(407, rows);
    }

    [Fact]
    public async Task A_thin_event_carries_no_rows_and_both_signatures_of_a_rotation()
    {
        await using var stage = await Stage.SetAsync(thin: true, secrets: ["old", "new"]);

        var report = await stage.Redbark.RunAsync();

        var request = Assert.Single(stage.Receiver.Received);
        Assert.Equal(RunOutcome.Delivered, report.Outcome);
        Assert.StartsWith("evt_", request.EventId, StringComparison.Ordinal);
        Assert.Null(request.Json["data"]);
        Assert.False(request.Headers.ContainsKey(WebhookHeaders.Signature));
        foreach (var secret in new[] { "old", "new" })
        {
            var result = ThinEventSignature.Verify(
                request.Body, request.Headers[WebhookHeaders.ThinEventSignature], [SigningSecret.FromText("it", secret)], stage.Clock.GetUtcNow(), TimeSpan.FromSeconds(300));
            Assert.True(result.IsValid);
        }

        Assert.Equal(RunOutcome.NothingToSend, (await stage.Redbark.RunAsync()).Outcome);
        Assert.Equal(AttemptOutcome.Delivered, (await stage.Redbark.Sender.PingAsync()).Outcome);
        Assert.Equal("event_destination.ping", (string)stage.Receiver.Received[1].Json["type"]!);
    }

    internal static SignatureResult Verify(Stage stage, Received request) => WebhookSignature.Verify(
        request.Body, request.Headers[WebhookHeaders.Signature], request.Headers[WebhookHeaders.Timestamp], Stage.Secrets, stage.Clock.GetUtcNow(),
        TimeSpan.FromSeconds(300));

    private static DateOnly BookedOn(Stage stage, string id) =>
        stage.Redbark.Bank.DateOf(stage.Redbark.Bank.Transactions.Single(row => row.Id == id).OccurredAt);

    internal static IDelivered Read(Received request) => DeliveryReader.Read(new Delivery
    {
        Id = Guid.CreateVersion7(),
        Feed = "test",
        TimeZone = "Australia/Sydney",
        ReceivedAt = DateTimeOffset.UnixEpoch,
        SignedAt = DateTimeOffset.UnixEpoch,
        Headers = new Dictionary<string, string>(),
        SecretName = "Secrets:0",
        Body = BodyStore.Pack(request.Body),
    }, request.Body);
}
