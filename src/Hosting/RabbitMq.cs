using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Hosting;

/// <summary>The conventions of the bus, the same in every host.</summary>
public static class RabbitMq
{
    /// <summary>Connects to <c>ConnectionStrings:RabbitMq</c> (<c>amqp://user:password@host:port/vhost</c>).</summary>
    /// <exception cref="OptionsValidationException">The connection string is missing or is not an AMQP URI.</exception>
    public static void UseRedbarkHost(this IRabbitMqBusFactoryConfigurator bus, IConfiguration configuration)
    {
        bus.Host(AddressOf(configuration));
        bus.Publish<IDelivered>(topology => topology.Exclude = true);
    }

    internal static Uri AddressOf(IConfiguration configuration)
    {
        const string key = "ConnectionStrings:RabbitMq";
        var value = configuration[key];
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            var found = string.IsNullOrEmpty(value) ? "nothing" : "something else";
            throw new OptionsValidationException(key, typeof(Uri), [$"{key}: expected an amqp:// or amqps:// URI, found {found}."]);
        }

        return uri;
    }
}
