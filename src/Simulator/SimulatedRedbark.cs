using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Control;
using Redbark.Sync.Simulator.OpenBanking;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;
using Redbark.Sync.Simulator.Rest;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Simulator;

/// <summary>
/// A Redbark of one's own: a generated bank, the webhook sender, and REST on loopback when it is asked for. Revolut and Token.io may show the
/// same accounts, at their own prefixes of the same address.
/// </summary>
public sealed class SimulatedRedbark : IAsyncDisposable
{
    /// <summary>Where Revolut's paths begin.</summary>
    public const string RevolutPrefix = "/revolut";

    /// <summary>Where Token.io's paths begin.</summary>
    public const string TokenIoPrefix = "/tokenio";

    private readonly BankGenerator _generator;
    private readonly HttpClient? _client;
    private readonly WebhookSender? _sender;
    private WebApplication? _web;

    private SimulatedRedbark(SimulatorOptions options, TimeProvider clock)
    {
        Options = options;
        _generator = BankGenerator.Create(options.Bank, clock);
        Revolut = options.Revolut is { } revolut ? SimulatedRevolut.Create(Bank, revolut) : null;
        TokenIo = options.TokenIo is { } tokenIo ? SimulatedTokenIo.Create(Bank, tokenIo) : null;
        if (options.Destination is not { } destination)
            return;

        _client = WebhookSender.CreateClient();
        _sender = new WebhookSender(Bank, destination, _client, options.Sender, clock, options.Bank.Seed);
    }

    /// <summary>What it was made of.</summary>
    public SimulatorOptions Options { get; }

    /// <summary>The truth, and the operations that change it.</summary>
    public SimulatedBank Bank => _generator.Bank;

    /// <summary>Goes on spending and trading in the bank.</summary>
    public BankGenerator Generator => _generator;

    /// <summary>The switches of REST.</summary>
    public RestFaults RestFaults { get; } = new();

    /// <summary>Revolut, over some of the accounts; null when it shows none.</summary>
    public SimulatedRevolut? Revolut { get; }

    /// <summary>Token.io, over some of the accounts; null when it shows none.</summary>
    public SimulatedTokenIo? TokenIo { get; }

    /// <summary>The destination.</summary>
    /// <exception cref="InvalidOperationException">The options name none.</exception>
    public Destination Destination => Options.Destination ?? throw NoDestination();

    /// <summary>The sender.</summary>
    /// <exception cref="InvalidOperationException">The options name no destination.</exception>
    public WebhookSender Sender => _sender ?? throw NoDestination();

    /// <summary>Generates the bank. Nothing is sent or served yet.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="clock">Its time; real time when null.</param>
    public static SimulatedRedbark Create(SimulatorOptions options, TimeProvider? clock = null) => new(options, clock ?? TimeProvider.System);

    /// <summary>Runs one sync.</summary>
    public Task<SyncRunReport> RunAsync(SyncFaults? faults = null, CancellationToken cancellationToken = default) =>
        Sender.RunAsync(faults, cancellationToken);

    /// <summary>
    /// Serves REST and <c>/simulator</c> on a loopback port until disposed; <see cref="Revolut"/> under <c>/revolut</c> and <see cref="TokenIo"/>
    /// under <c>/tokenio</c>, over plain HTTP.
    /// </summary>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <returns>The base address, without <c>/v1</c>.</returns>
    /// <exception cref="InvalidOperationException">It is served already.</exception>
    public async Task<Uri> StartRestAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        if (_web is not null)
            throw new InvalidOperationException("REST is served already.");

        _web = await LoopbackServer.StartAsync(port, Map, cancellationToken: cancellationToken);
        return new Uri(_web.Urls.Single());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
        if (Revolut is not null)
            await Revolut.DisposeAsync();
        if (TokenIo is not null)
            await TokenIo.DisposeAsync();
        _sender?.Dispose();
        _client?.Dispose();
    }

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapRedbarkRest(Bank, Options.Rest, RestFaults);
        Revolut?.Map(routes.MapGroup(RevolutPrefix));
        TokenIo?.Map(routes.MapGroup(TokenIoPrefix));
        routes.MapControl(this);
    }

    private static InvalidOperationException NoDestination() => new("The simulator has no destination: name one in its options.");
}
