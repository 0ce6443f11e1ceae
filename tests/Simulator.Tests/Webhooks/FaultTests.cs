using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Tests.Webhooks;

public sealed class FaultTests
{
    [Theory]
    [InlineData(SendTwice.Sequentially)]
    [InlineData(SendTwice.Concurrently)]
    public async Task A_chunk_can_be_sent_twice(SendTwice how)
    {
        await using var stage = await Stage.SetAsync(rows: 4, sender: new SenderOptions { ChunkSize = 2 });
        if (how == SendTwice.Concurrently)
        {
            // Both copies of chunk 2 must be under way before either is answered.
            var both = new TaskCompletionSource();
            stage.Receiver.Answer = (n, _) =>
            {
                if (n == 2)
                    both.SetResult();
                return n is 1 or 2 ? both.Task : Task.CompletedTask;
            };
        }

        var report = await stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, SendTwice = how });

        Assert.Equal(RunOutcome.Delivered, report.Outcome);
        Assert.Equal(3, stage.Receiver.Received.Count);
        Assert.Equal(stage.Receiver.Received[1].Body, stage.Receiver.Received[2].Body);
        Assert.Equal(2, stage.Receiver.Received[1].Metadata("chunk"));
    }

    [Fact]
    public async Task Chunks_can_change_places()
    {
        await using var stage = await Stage.SetAsync(rows: 6, sender: new SenderOptions { ChunkSize = 2 });

        await stage.Redbark.RunAsync(new SyncFaults { Chunk = 1, Swap = true });

        Assert.Equal([2, 1, 3], stage.Receiver.Received.Select(request => request.Metadata("chunk")));
    }

    [Fact]
    public async Task A_dropped_chunk_counts_as_delivered_and_never_arrives()
    {
        await using var stage = await Stage.SetAsync(rows: 6, sender: new SenderOptions { ChunkSize = 2 });

        var report = await stage.Redbark.RunAsync(new SyncFaults { Chunk = 2, Drop = true });

        Assert.Equal([1, 3], stage.Receiver.Received.Select(request => request.Metadata("chunk")));
        Assert.Equal(ChunkOutcome.Dropped, report.Chunks[1].Outcome);
        Assert.Equal(6, stage.Redbark.Destination.Delivered.Transactions);
        Assert.Equal(RunOutcome.NothingToSend, (await stage.Redbark.RunAsync()).Outcome);
    }

    [Fact]
    public async Task One_chunk_can_be_lost_while_others_change_places()
    {
        await using var stage = await Stage.SetAsync(rows: 8, sender: new SenderOptions { ChunkSize = 2 });

        var report = await stage.Redbark.RunAsync(new SyncFaults { Chunk = 3, Swap = true, Lost = 2 });

        Assert.Equal([1, 4, 3], stage.Receiver.Received.Select(request => request.Metadata("chunk")));
        Assert.Equal([2], report.Chunks.Where(chunk => chunk.Outcome == ChunkOutcome.Dropped).Select(chunk => chunk.Chunk));
        Assert.Equal(8, stage.Redbark.Destination.Delivered.Transactions);
    }

    [Fact]
    public async Task A_lost_answer_makes_the_sender_repeat_what_the_receiver_has()
    {
        await using var stage = await Stage.SetAsync();

        var report = await stage.Redbark.RunAsync(new SyncFaults { LoseAnswers = 1 });

        Assert.Equal(RunOutcome.Delivered, report.Outcome);
        Assert.Equal(2, stage.Receiver.Received.Count);
        Assert.Equal(stage.Receiver.Received[0].Body, stage.Receiver.Received[1].Body);
    }

    [Fact]
    public async Task When_every_answer_is_lost_the_rows_come_again_as_new()
    {
        await using var stage = await Stage.SetAsync(sender: new SenderOptions { AutoDisable = AutoDisable.Never });

        Assert.Equal(RunOutcome.Failed, (await stage.Redbark.RunAsync(new SyncFaults { LoseAnswers = 4 })).Outcome);
        await stage.Redbark.RunAsync();

        Assert.Equal(stage.Receiver.Received[0].NewIds, stage.Receiver.Received[4].NewIds);
        Assert.NotEqual(stage.Receiver.Received[0].EventId, stage.Receiver.Received[4].EventId);
    }

    [Fact]
    public async Task A_corrupt_signature_has_the_right_form_and_the_wrong_value()
    {
        await using var stage = await Stage.SetAsync();

        await stage.Redbark.RunAsync(new SyncFaults { CorruptSignature = true });
        await stage.Redbark.Sender.ForgeAsync(stage.Redbark.Sender.Sent[0]);

        Assert.All(stage.Receiver.Received, request => Assert.Equal(SignatureVerdict.SignatureMismatch, DeliveryTests.Verify(stage, request).Verdict));
        Assert.Equal(stage.Receiver.Received[0].Body, stage.Receiver.Received[1].Body);
    }

    [Fact]
    public async Task A_malformed_row_is_added_to_the_chunk_and_counted()
    {
        await using var stage = await Stage.SetAsync();

        await stage.Redbark.RunAsync(new SyncFaults { ExtraRows = [SyncFaults.MalformedRow] });
        await stage.Redbark.RunAsync(new SyncFaults { ExtraRows = ["\"a string\""] });

        Assert.Equal("bank_tx_malformed", stage.Receiver.Received[0].NewIds[^1]);
        Assert.Equal(4, stage.Receiver.Received[0].Metadata("new_count"));
        Assert.Equal("a string", (string)stage.Receiver.Received[1].Json["data"]!["new"]![0]!);
        Assert.Equal(3, stage.Redbark.Destination.Delivered.Transactions);
        var read = Assert.IsType<TransactionsDelivered>(DeliveryTests.Read(stage.Receiver.Received[0]));
        Assert.Equal((3, RowRejection.AmountInvalid), (read.Rows.Count, Assert.Single(read.Rejected).Reason));
    }

    [Fact]
    public async Task A_rotated_secret_signs_the_next_run()
    {
        await using var stage = await Stage.SetAsync();
        stage.Redbark.Destination.Secrets = ["another"];

        await stage.Redbark.RunAsync();

        Assert.Equal(SignatureVerdict.SignatureMismatch, DeliveryTests.Verify(stage, stage.Receiver.Received[0]).Verdict);
    }

    [Fact]
    public async Task An_old_event_can_be_delivered_again_byte_for_byte_a_day_later()
    {
        await using var stage = await Stage.SetAsync();
        await stage.Redbark.RunAsync();
        stage.Clock.Advance(TimeSpan.FromDays(1));

        var attempt = await stage.Redbark.Sender.RedeliverAsync(stage.Redbark.Sender.Sent[0]);

        Assert.Equal(AttemptOutcome.Delivered, attempt.Outcome);
        Assert.Equal(stage.Receiver.Received[0].Body, stage.Receiver.Received[1].Body);
        Assert.Equal(stage.Receiver.Received[0].EventId, stage.Receiver.Received[1].Headers[WebhookHeaders.DeliveryId]);
        Assert.True(DeliveryTests.Verify(stage, stage.Receiver.Received[1]).IsValid);
    }
}
