using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>Revolut's Open Banking API (account information) over chosen accounts of a bank.</summary>
public sealed class SimulatedRevolut : IAsyncDisposable
{
    private const string RedirectUri = "https://example.com/callback";

    private readonly RevolutConsents _consents;
    private readonly RevolutTokens _tokens;
    private readonly RevolutEndpoints _endpoints;
    private WebApplication? _web;

    private SimulatedRevolut(SimulatedBank bank, RevolutOptions options)
    {
        Options = options;
        Accounts = [.. options.Accounts.Select(shown =>
        {
            var account = ExposedAccount.Find(bank, shown.Account);
            return new ExposedAccount(shown.AccountId ?? Derived.Uuid("revolut account", account.Id.ToString()), account);
        })];
        _consents = new RevolutConsents(bank.Clock, options, chosen =>
            [.. Accounts.Where((_, at) => chosen is null || chosen.Contains(options.Accounts[at].Account)).Select(account => account.Id)]);
        _tokens = new RevolutTokens(bank, options, Faults, _consents);
        var service = new RevolutService(bank, options, Faults, _consents, _tokens, Calls);
        _endpoints = new RevolutEndpoints(bank, options, Faults, service, _consents, _tokens, Accounts);
        Clock = bank.Clock;
    }

    /// <summary>What it was made of.</summary>
    public RevolutOptions Options { get; }

    /// <summary>Its switches.</summary>
    public RevolutFaults Faults { get; } = new();

    /// <summary>Calls that arrived. Endpoints: <c>token</c>, <c>consents</c>, <c>accounts</c>, <c>account</c>, <c>balances</c>, <c>transactions</c>.</summary>
    public CallCounts Calls { get; } = new();

    /// <summary>The accounts by their <c>AccountId</c>.</summary>
    public IReadOnlyList<ExposedAccount> Accounts { get; }

    /// <summary>The consents as they are now.</summary>
    public IReadOnlyList<RevolutConsent> Consents => _consents.All;

    private BankClock Clock { get; }

    /// <summary>Makes one. Nothing is served yet.</summary>
    /// <param name="bank">The truth that is served.</param>
    /// <param name="options">What of it, and to whom.</param>
    /// <exception cref="ArgumentException">The bank has no account of a number that the options name.</exception>
    public static SimulatedRevolut Create(SimulatedBank bank, RevolutOptions options) => new(bank, options);

    /// <summary>Lets the user agree to a consent, as in the browser.</summary>
    /// <param name="consentId">The consent.</param>
    /// <param name="redirectUri">Where the code would be sent; the exchange has to name the same.</param>
    /// <param name="accountIds">The accounts that the user chooses; every one when null.</param>
    /// <returns>The code to exchange.</returns>
    /// <exception cref="ArgumentException">There is no such consent.</exception>
    /// <exception cref="InvalidOperationException">The user was asked already.</exception>
    public string Authorise(string consentId, string redirectUri = RedirectUri, IReadOnlyList<string>? accountIds = null)
    {
        _consents.Change(consentId, consent => consent.Status == RevolutConsentStatus.AwaitingAuthorisation
            ? consent with
            {
                Status = RevolutConsentStatus.Authorised,
                AuthorisedAt = Clock.GetUtcNow(),
                AccountIds = accountIds ?? [.. Accounts.Select(account => account.Id)],
            }
            : throw new InvalidOperationException($"The consent is {consent.Status}."));
        return _tokens.NewCode(consentId, redirectUri);
    }

    /// <summary>Lets the user take a consent back, or refuse it.</summary>
    /// <exception cref="ArgumentException">There is no such consent.</exception>
    public void Revoke(string consentId) => _consents.TakeBack(consentId);

    /// <summary>Changes what a consent allows.</summary>
    /// <exception cref="ArgumentException">There is no such consent.</exception>
    public void Permit(string consentId, IReadOnlyList<string> permissions) => _consents.Change(consentId, consent => consent with { Permissions = permissions });

    /// <summary>Lets every access token expire now.</summary>
    public void ExpireAccessTokens() => _tokens.ExpireAccess();

    /// <summary>The refresh token of a consent that works now; null when there is none.</summary>
    public string? RefreshTokenOf(string consentId) => _tokens.RefreshTokenOf(consentId);

    /// <summary>Serves it on a loopback port until disposed; over HTTPS with client certificates when <see cref="RevolutOptions.ServerCertificate"/> is there.</summary>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <returns>The base address.</returns>
    /// <exception cref="InvalidOperationException">It is served already.</exception>
    public async Task<Uri> StartAsync(int port = 0, CancellationToken cancellationToken = default)
    {
        if (_web is not null)
            throw new InvalidOperationException("It is served already.");

        _web = await LoopbackServer.StartAsync(port, Map, Options.ServerCertificate, cancellationToken);
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
