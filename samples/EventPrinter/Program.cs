using MassTransit;
using Redbark.Sync.Samples.EventPrinter;

// usage: EventPrinter amqp://user:password@host:port/vhost
// Prints each event of Redbark.Sync on a line, until it is told to stop. Its queue stays, so that nothing is missed in between.
if (args is not [var address] || !Uri.TryCreate(address, UriKind.Absolute, out var broker))
{
    Console.Error.WriteLine("usage: EventPrinter amqp://user:password@host:port/vhost");
    return 2;
}

var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
{
    rabbit.Host(broker);
    rabbit.ReceiveEndpoint("redbark-sample-event-printer", queue =>
    {
        queue.SetQuorumQueue();
        queue.Consumer<EventPrinter>();
    });
});

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, signal) =>
{
    signal.Cancel = true;
    stopping.Cancel();
};
AppDomain.CurrentDomain.ProcessExit += (_, _) => stopping.Cancel();

await bus.StartAsync();
Console.WriteLine("Listening.");
try
{
    await Task.Delay(Timeout.Infinite, stopping.Token);
}
catch (OperationCanceledException)
{
    Console.WriteLine("Stopping.");
}

await bus.StopAsync();
return 0;
