using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Ingress.Tests;

public sealed class RelayTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new("ingress");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task With_a_window_of_one_deliveries_are_published_in_order()
    {
        await using var ingress = await StartAsync(window: 1);
        await PostAsync(ingress, 20);
        await IngressDriver.UntilAsync(() => ingress.Publisher.Published.Count == 20);
        Assert.Equal(Enumerable.Range(0, 20), Numbers(ingress.Publisher.Published));
        Assert.Equal(1, ingress.Publisher.MostInFlight);
    }

    [Fact]
    public async Task The_window_bounds_what_is_in_flight_and_fills()
    {
        var release = new TaskCompletionSource();
        var publisher = new FakePublisher { Behaviour = (_, _) => release.Task };
        await using var ingress = await StartAsync(window: 4, publisher);
        await PostAsync(ingress, 10);
        await IngressDriver.UntilAsync(() => publisher.Attempts.Count == 4);
        await Task.Delay(200);
        Assert.Equal(4, publisher.Attempts.Count);
        release.SetResult();
        await IngressDriver.UntilAsync(() => publisher.Published.Count == 10);
        Assert.Equal(4, publisher.MostInFlight);
    }

    [Fact]
    public async Task The_position_moves_over_the_confirmed_prefix_only()
    {
        var release = new TaskCompletionSource();
        var publisher = new FakePublisher { Behaviour = (message, _) => Number(message) == 2 ? release.Task : Task.CompletedTask };
        await using var ingress = await StartAsync(window: 3, publisher);
        await PostAsync(ingress, 8);
        await IngressDriver.UntilAsync(() => publisher.Published.Count == 7);
        await IngressDriver.UntilAsync(() => ingress.Journal.Published == 3);
        await Task.Delay(300);
        Assert.Equal(3ul, ingress.Journal.Published);
        release.SetResult();
        await IngressDriver.UntilAsync(() => ingress.Journal.Published == 9);
    }

    [Fact]
    public async Task A_failure_is_tried_again_with_growing_waits_and_logged_once()
    {
        var attempts = new List<DateTime>();
        var publisher = new FakePublisher();
        publisher.Behaviour = (_, _) =>
        {
            lock (attempts)
                attempts.Add(DateTime.UtcNow);
            return attempts.Count < 5 ? throw new IOException("away") : Task.CompletedTask;
        };
        await using var ingress = await StartAsync(window: 1, publisher);
        await PostAsync(ingress, 1);
        await IngressDriver.UntilAsync(() => publisher.Published.Count == 1);
        Assert.Equal(5, attempts.Count);
        Assert.True(attempts[4] - attempts[0] > TimeSpan.FromSeconds(0.75), "It spins.");
        await IngressDriver.UntilAsync(() => ingress.Logs.All.Any(line => line.Contains("Deliveries are published again", StringComparison.Ordinal)));
        Assert.Single(ingress.Logs.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task What_was_not_confirmed_is_published_after_a_restart_and_what_was_is_not()
    {
        var publisher = new FakePublisher
        {
            Behaviour = (message, cancellation) => Number(message) >= 3 ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask,
        };
        await using (var ingress = await StartAsync(window: 8, publisher))
        {
            await PostAsync(ingress, 6);
            await IngressDriver.UntilAsync(() => publisher.Attempts.Count == 6);
            await IngressDriver.UntilAsync(() => publisher.Published.Count == 3);
        }

        await using var again = await StartAsync(window: 8);
        await IngressDriver.UntilAsync(() => again.Publisher.Published.Count >= 3);
        Assert.Equal([3, 4, 5], Numbers(again.Publisher.Published).Order());
        Assert.Equal(
            publisher.Attempts.Where(message => Number(message) >= 3).Select(message => message.Delivery.Id).Order(),
            again.Publisher.Published.Select(message => message.Delivery.Id).Order());
    }

    [Fact]
    public async Task The_message_says_what_the_request_said()
    {
        await using var ingress = await StartAsync(window: 1);
        var before = DateTimeOffset.UtcNow.AddMilliseconds(-1);
        using var request = IngressDriver.Signed(Body(0));
        var signedAt = long.Parse(request.Headers.GetValues(WebhookHeaders.Timestamp).Single(), CultureInfo.InvariantCulture);
        await ingress.SendAsync(request);
        await IngressDriver.UntilAsync(() => ingress.Publisher.Published.Count == 1);
        var message = Assert.IsType<TransactionsDelivered>(ingress.Publisher.Published[0]);
        Assert.Equal("redbark", message.Delivery.Feed);
        Assert.Equal("Australia/Sydney", message.Delivery.TimeZone);
        Assert.Equal("Secrets:0", message.Delivery.SecretName);
        Assert.Equal(signedAt, message.Delivery.SignedAt.ToUnixTimeSeconds());
        Assert.InRange(message.Delivery.ReceivedAt, before, DateTimeOffset.UtcNow);
        Assert.Equal("application/json", message.Delivery.Headers["content-type"]);
        Assert.Equal("0", message.Delivery.Envelope!.EventId);
        Assert.Equal(Body(0), BodyStore.Unpack(message.Delivery.Body));
    }

    private Task<IngressDriver> StartAsync(int window, FakePublisher? publisher = null) => IngressDriver.StartAsync(
        _directory.Path, new() { ["Relay:Window"] = $"{window}", ["Relay:DrainTimeout"] = "00:00:00.3" }, publisher);

    private static async Task PostAsync(IngressDriver ingress, int count)
    {
        for (var i = 0; i < count; i++)
            Assert.Equal(200, await ingress.PostAsync(Body(i)));
    }

    private static byte[] Body(int number) => Encoding.UTF8.GetBytes(
        $"{{\"id\":\"{number}\",\"object\":\"event\",\"type\":\"transactions.synced\",\"data\":{{\"new\":[],\"updated\":[]}}}}");

    private static int Number(IDelivered message) => int.Parse(message.Delivery.Envelope!.EventId!, CultureInfo.InvariantCulture);

    private static IEnumerable<int> Numbers(IEnumerable<IDelivered> messages) => messages.Select(Number);
}
