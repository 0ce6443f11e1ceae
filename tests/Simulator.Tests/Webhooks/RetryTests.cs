using System.Net;
using Microsoft.AspNetCore.Http;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Tests.Webhooks;

public sealed class RetryTests
{
    [Fact]
    public async Task Attempts_are_made_after_0_1_3_and_9_seconds()
    {
        await using var stage = await Stage.SetAsync();
        stage.Receiver.Script(500, 429, 503, 200);

        var report = await stage.Redbark.RunAsync();

        var attempts = Assert.Single(report.Chunks).Attempts;
        Assert.Equal(RunOutcome.Delivered, report.Outcome);
        Assert.Equal([500, 429, 503, 200], attempts.Select(attempt => attempt.Status));
        Assert.Equal([0, 1, 4, 13], attempts.Select(attempt => (int)(attempt.At - attempts[0].At).TotalSeconds));
        Assert.Equal([0, 1, 2, 3], attempts.Select(attempt => attempt.Retry));
    }

    [Theory]
    [InlineData(400, AttemptOutcome.Refused)]
    [InlineData(401, AttemptOutcome.Refused)]
    [InlineData(404, AttemptOutcome.Refused)]
    [InlineData(413, AttemptOutcome.Refused)]
    [InlineData(301, AttemptOutcome.Redirected)]
    [InlineData(307, AttemptOutcome.Redirected)]
    public async Task Other_refusals_and_redirects_are_final(int status, AttemptOutcome outcome)
    {
        await using var stage = await Stage.SetAsync();
        stage.Receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };

        var report = await stage.Redbark.RunAsync();

        Assert.Equal(RunOutcome.Failed, report.Outcome);
        Assert.Equal(outcome, Assert.Single(report.Chunks[0].Attempts).Outcome);
        Assert.Equal("/webhooks/test", Assert.Single(stage.Receiver.Received).Path);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    public async Task Any_2xx_is_a_success(int status)
    {
        await using var stage = await Stage.SetAsync();
        stage.Receiver.Script(status);

        Assert.Equal(RunOutcome.Delivered, (await stage.Redbark.RunAsync()).Outcome);
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again()
    {
        await using var stage = await Stage.SetAsync();
        stage.Receiver.Script(0, 200);

        var report = await stage.Redbark.RunAsync();

        Assert.NotEmpty(report.Chunks[0].Attempts[0].Error!);
        Assert.Equal([AttemptOutcome.NetworkError, AttemptOutcome.Delivered], report.Chunks[0].Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task An_answer_that_takes_ten_seconds_is_given_up_and_tried_again()
    {
        await using var stage = await Stage.SetAsync();
        stage.Receiver.Answer = async (n, context) =>
        {
            if (n > 0)
                return;
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            stage.Clock.Advance(TimeSpan.FromSeconds(10));
            await gone.Task;
        };

        var report = await stage.Redbark.RunAsync();

        Assert.Equal([AttemptOutcome.TimedOut, AttemptOutcome.Delivered], report.Chunks[0].Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(TimeSpan.FromSeconds(10), report.Chunks[0].Attempts[0].ResponseTime);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_retry_repeats_the_body_and_signs_it_anew_or_not(bool refresh)
    {
        await using var stage = await Stage.SetAsync(sender: new SenderOptions { RefreshTimestamp = refresh });
        stage.Receiver.Script(500, 200);

        await stage.Redbark.RunAsync();

        var (first, second) = (stage.Receiver.Received[0], stage.Receiver.Received[1]);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(refresh, first.Headers[WebhookHeaders.Timestamp] != second.Headers[WebhookHeaders.Timestamp]);
        Assert.Equal(refresh, first.Headers[WebhookHeaders.Signature] != second.Headers[WebhookHeaders.Signature]);
        Assert.True(DeliveryTests.Verify(stage, second).IsValid);
    }

    [Fact]
    public async Task Each_attempt_can_have_its_own_event_id()
    {
        await using var stage = await Stage.SetAsync(sender: new SenderOptions { NewEventIdPerAttempt = true });
        stage.Receiver.Script(500, 500, 200);

        await stage.Redbark.RunAsync();

        Assert.Equal(3, stage.Receiver.Received.Select(request => request.EventId).Distinct().Count());
        Assert.Single(stage.Receiver.Received.Select(request => string.Join(',', request.NewIds)).Distinct());
        Assert.All(stage.Receiver.Received, request => Assert.Equal(request.EventId, request.Headers[WebhookHeaders.DeliveryId]));
    }

    [Theory]
    [InlineData(false, new[] { ChunkOutcome.Delivered, ChunkOutcome.Failed, ChunkOutcome.NotSent })]
    [InlineData(true, new[] { ChunkOutcome.Delivered, ChunkOutcome.Failed, ChunkOutcome.Delivered })]
    public async Task A_run_ends_or_goes_on_after_a_failed_chunk(bool goesOn, ChunkOutcome[] expected)
    {
        await using var stage = await Stage.SetAsync(rows: 5, sender: new SenderOptions { ChunkSize = 2, ContinueAfterFailedChunk = goesOn });
        stage.Receiver.Script(200, 400);

        var report = await stage.Redbark.RunAsync();

        Assert.Equal(expected, report.Chunks.Select(chunk => chunk.Outcome));
    }

    [Fact]
    public async Task Rows_of_a_failed_chunk_come_again_as_new_under_another_event_id()
    {
        await using var stage = await Stage.SetAsync(rows: 4, sender: new SenderOptions { ChunkSize = 2, AutoDisable = AutoDisable.Never });
        stage.Receiver.Script(200, 400);
        await stage.Redbark.RunAsync();
        Assert.Equal(2, stage.Redbark.Destination.Delivered.Transactions);

        await stage.Redbark.RunAsync();

        var (failed, again) = (stage.Receiver.Received[1], stage.Receiver.Received[2]);
        Assert.Equal(failed.NewIds, again.NewIds);
        Assert.NotEqual(failed.EventId, again.EventId);
        Assert.Equal(4, stage.Redbark.Destination.Delivered.Transactions);
    }

    [Fact]
    public async Task One_failed_batch_disables_the_destination_until_it_is_enabled()
    {
        await using var stage = await Stage.SetAsync();
        stage.Receiver.Script(500, 500, 500, 500);

        Assert.False((await stage.Redbark.RunAsync()).DestinationEnabled);
        Assert.Equal(RunOutcome.Disabled, (await stage.Redbark.RunAsync()).Outcome);
        Assert.Equal(4, stage.Receiver.Received.Count);

        stage.Redbark.Destination.Enable();
        Assert.Equal(RunOutcome.Delivered, (await stage.Redbark.RunAsync()).Outcome);
    }

    [Fact]
    public async Task By_the_older_rule_the_fifth_failing_run_disables_and_a_success_starts_the_count_again()
    {
        await using var stage = await Stage.SetAsync(sender: new SenderOptions { AutoDisable = AutoDisable.AfterFiveFailedRuns });
        stage.Receiver.Script(400, 400, 400, 400, 200, 400, 400, 400, 400, 400);
        for (var run = 1; run <= 4; run++)
            Assert.True((await stage.Redbark.RunAsync()).DestinationEnabled);
        Assert.Equal(4, stage.Redbark.Destination.FailedRuns);
        await stage.Redbark.RunAsync();
        Assert.Equal(0, stage.Redbark.Destination.FailedRuns);

        stage.Redbark.Generator.PostRows(1);
        for (var run = 1; run <= 5; run++)
            Assert.Equal(run < 5, (await stage.Redbark.RunAsync()).DestinationEnabled);
    }

    [Fact]
    public async Task The_log_keeps_the_last_50_attempts()
    {
        await using var stage = await Stage.SetAsync(sender: new SenderOptions { AutoDisable = AutoDisable.Never });
        stage.Receiver.Answer = (_, context) =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadGateway;
            return Task.CompletedTask;
        };

        for (var run = 0; run < 13; run++)
            await stage.Redbark.RunAsync();

        var attempts = stage.Redbark.Destination.Log.Attempts;
        Assert.Equal((50, 52), (attempts.Count, stage.Receiver.Received.Count));
        Assert.Equal((502, 3), (attempts[^1].Status, attempts[^1].Retry));
        Assert.Equal(stage.Receiver.Received[2].EventId, attempts[0].EventId);
    }
}
