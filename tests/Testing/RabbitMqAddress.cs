namespace Redbark.Sync.Testing;

/// <summary>Where a RabbitMQ answers.</summary>
/// <param name="Amqp"><c>amqp://user:password@host:port</c>.</param>
/// <param name="Api"><c>http://user:password@host:port</c> of the management plugin.</param>
public sealed record RabbitMqAddress(Uri Amqp, Uri Api);
