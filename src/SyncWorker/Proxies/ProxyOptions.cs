using System.Net;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Proxies;

/// <summary>The proxies that are believed when they say whom a request comes from: <c>Proxies:Known:{n}</c>, addresses and networks.</summary>
internal sealed class ProxyOptions
{
    public const string Key = "Proxies:Known";

    public List<IPNetwork> Known { get; } = [];

    public List<string> Problems { get; } = [];

    public static void Read(ProxyOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection(Key);
        if (section.Value is { Length: > 0 } single)
            options.Problems.Add($"{Key}: expected a list ({Key}:0, {Key}:1, …), found '{single}'.");
        foreach (var proxy in section.GetChildren())
        {
            if (Parse(proxy.Value) is { } network)
                options.Known.Add(network);
            else
                options.Problems.Add($"{proxy.Path}: expected an address such as 10.0.0.1 or a network such as 10.0.0.0/8, found '{proxy.Value}'.");
        }
    }

    private static IPNetwork? Parse(string? text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}

/// <summary>Says which key is wrong, what was found and what is expected.</summary>
internal sealed class ProxyOptionsValidator : IValidateOptions<ProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ProxyOptions options) =>
        options.Problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Problems);
}
