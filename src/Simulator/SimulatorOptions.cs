using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Simulator;

/// <summary>Everything a simulated Redbark is made of.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The bank and its seed.</summary>
    public BankOptions Bank { get; init; } = new();

    /// <summary>Where webhooks go; null when only REST is wanted.</summary>
    public Destination? Destination { get; init; }

    /// <summary>How webhooks are sent.</summary>
    public SenderOptions Sender { get; init; } = new();

    /// <summary>What REST asks of its callers.</summary>
    public RestOptions Rest { get; init; } = new();

    /// <summary>What of the bank Revolut shows too; null when nothing.</summary>
    public RevolutOptions? Revolut { get; init; }

    /// <summary>What of the bank Token.io shows too; null when nothing.</summary>
    public TokenIoOptions? TokenIo { get; init; }
}
