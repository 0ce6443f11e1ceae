using System.Collections.Concurrent;
using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking.TokenIo;

/// <summary>Token.io's API (account information) over chosen accounts of a bank. Keys are Basic; signed requests (JWT) are not understood.</summary>
public sealed class SimulatedTokenIo : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<ExposedAccount>> _consents = new(StringComparer.Ordinal);
    private readonly TokenIoEndpoints _endpoints;
    private WebApplication? _web;

    private SimulatedTokenIo(SimulatedBank bank, TokenIoOptions options)
    {
        Options = options;
        Accounts = [.. options.Accounts.Select(number =>
        {
            var account = ExposedAccount.Find(bank, number);
            return new ExposedAccount($"a:{Derived.Letters("token.io account", account.Id.ToString(), 44)}:5zKcENpV", account);
        })];
        foreach (var grant in options.Grants)
            Restore(grant.TokenId);
        _endpoints = new TokenIoEndpoints(bank, options, Faults, new TokenIoService(bank, options, Faults, _consents, Calls));
    }

    /// <summary>What it was made of.</summary>
    public TokenIoOptions Options { get; }

    /// <summary>Its switches.</summary>
    public TokenIoFaults Faults { get; } = new();

    /// <summary>
    /// Calls that arrived, one for each account that they name. Endpoints: <c>accounts</c>, <c>account</c>, <c>balance</c>, <c>account-balance</c>,
    /// <c>transactions</c>.
    /// </summary>
    public CallCounts Calls { get; } = new();

    /// <summary>The accounts by their <c>a:…</c> ids.</summary>
    public IReadOnlyList<ExposedAccount> Accounts { get; }

    /// <summary>The consents that work now.</summary>
    public IReadOnlyList<string> Consents => [.. _consents.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes one. Nothing is served yet.</summary>
    /// <param name="bank">The truth that is served.</param>
    /// <param name="options">What of it, and to whom.</param>
    /// <exception cref="ArgumentException">The bank has no account of a number that the options name.</exception>
    public static SimulatedTokenIo Create(SimulatedBank bank, TokenIoOptions options) => new(bank, options);

    /// <summary>Lets a consent end at the bank: its calls are refused with 403.</summary>
    /// <exception cref="ArgumentException">There is no such consent.</exception>
    public void Revoke(string tokenId)
    {
        if (!_consents.TryRemove(tokenId, out _))
            throw new ArgumentException($"There is no consent '{tokenId}'.", nameof(tokenId));
    }

    /// <summary>Lets a consent of the options work again.</summary>
    /// <exception cref="ArgumentException">The options have no such consent.</exception>
    public void Restore(string tokenId)
    {
        var grant = Options.Grants.FirstOrDefault(grant => grant.TokenId == tokenId) ?? throw new ArgumentException($"There is no consent '{tokenId}'.", nameof(tokenId));
        _consents[tokenId] = [.. Accounts.Where((_, at) => grant.Accounts is null || grant.Accounts.Contains(Options.Accounts[at]))];
    }

    /// <summary>Serves it on a loopback port until disposed.</summary>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <returns>The base address.</returns>
    /// <exception cref="InvalidOperationException">It is served already.</exception>
    public async Task<Uri> StartAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        if (_web is not null)
            throw new InvalidOperationException("It is served already.");

        _web = await LoopbackServer.StartAsync(port, Map, cancellationToken: cancellationToken);
        return new Uri(_web.Urls.Single());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
    }

    internal void Map(IEndpointRouteBuilder routes) => _endpoints.Map(routes);
}
