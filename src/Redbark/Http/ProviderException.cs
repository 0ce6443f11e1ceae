using System.Net;

namespace Redbark.Sync.Wire.Http;

/// <summary>A provider could not be read. The message is for people; it holds no key, token or body.</summary>
public sealed class ProviderException : Exception
{
    /// <summary>A failed read.</summary>
    public ProviderException(ProviderFault fault, string message, Exception? cause = null)
        : base(message, cause) => Fault = fault;

    /// <summary>What it means for the next read.</summary>
    public ProviderFault Fault { get; }

    /// <summary>The status of the answer, when there was one.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>The provider's machine-readable code, when it gave one.</summary>
    public string? Code { get; init; }

    /// <summary>When the provider may be asked again (UTC), when it said so.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>False when the request cannot have reached the provider, so that it costs no budget.</summary>
    public bool ReachedProvider { get; init; } = true;
}
