using Redbark.Sync.Simulator.OpenBanking;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;
using SimulatorOptions = Redbark.Sync.Simulator.OpenBanking.Revolut.RevolutOptions;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>The Revolut provider against the simulated Revolut, over HTTPS with a client certificate.</summary>
public sealed class SimulatedRevolutTests : IAsyncLifetime
{
    private readonly SimulatedStage _stage = new();
    private readonly SimulatedCertificates _certificates = SimulatedCertificates.Create();
    private readonly TemporaryDirectory _files = new();
    private SimulatedRevolut _revolut = null!;
    private (string, string?)[] _settings = [];
    private IBalanceProvider _provider = null!;

    public async ValueTask InitializeAsync()
    {
        _revolut = SimulatedRevolut.Create(_stage.Bank, new SimulatorOptions
        {
            Accounts = [.. Enumerable.Range(0, 4).Select(number => new RevolutAccount(number))],
            ServerCertificate = _certificates.Server,
            ClientThumbprint = SimulatedCertificates.ThumbprintOf(_certificates.Client),
        });
        var address = await _revolut.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        _settings =
        [
            ("Revolut:BaseUrl", address.AbsoluteUri),
            ("Revolut:ClientId", _revolut.Options.ClientId),
            ("Revolut:CertificateFile", Write("transport.pem", _certificates.ClientPem)),
            ("Revolut:CertificateKeyFile", Write("key.pem", _certificates.ClientKeyPem)),
            ("Revolut:TrustedRootsFile", Write("roots.pem", _certificates.AuthorityPem)),
            ("Revolut:Consents:main:RefreshToken", _revolut.Options.Grants[0].RefreshToken),
        ];
        _provider = _stage.Provider("revolut", _settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _revolut.DisposeAsync();
        _certificates.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Every_account_is_listed_and_read_as_the_bank_has_it()
    {
        var listing = Assert.Single(await ListAsync());
        Assert.Null(listing.Error);
        Assert.Equal(_revolut.Accounts.Select(account => (account.Id, account.Account.Currency)), listing.Accounts.Select(account => (account.ExternalId, account.Currency!)));

        foreach (var reading in await ReadAsync(listing.Accounts))
        {
            var truth = Truth(reading);
            Assert.Equal((truth.AvailableMoney.Amount, truth.AvailableMoney.Amount, ValueOrigin.FallbackFromAvailable),
                (reading.Balance!.Current!.Value, reading.Balance.Available!.Value, reading.Balance.CurrentOrigin!.Value));
            Assert.InRange(reading.Balance.AsOf!.Value, _stage.Bank.Clock.GetUtcNow().AddMinutes(-1), _stage.Bank.Clock.GetUtcNow());
        }

        _revolut.Faults.BookedBalances = true;
        _revolut.Faults.FourLetterTypes = true;
        foreach (var reading in await ReadAsync(listing.Accounts))
        {
            var truth = Truth(reading);
            Assert.Equal((truth.CurrentMoney.Amount, truth.AvailableMoney.Amount, ValueOrigin.Reported),
                (reading.Balance!.Current!.Value, reading.Balance.Available!.Value, reading.Balance.CurrentOrigin!.Value));
        }
    }

    [Fact]
    public async Task Another_certificate_is_refused_and_says_so()
    {
        using var stranger = SimulatedCertificates.Create();
        var provider = _stage.Provider("revolut", [.. _settings, ("Revolut:CertificateFile", Write("other.pem", stranger.ClientPem)), ("Revolut:CertificateKeyFile", Write("other-key.pem", stranger.ClientKeyPem))]);
        var error = Assert.Single(await ListAsync(provider)).Error!;
        Assert.Equal((ProviderFault.CredentialInvalid, "invalid_client"), (error.Fault, error.Code));
    }

    [Fact]
    public async Task A_server_whose_root_is_not_trusted_learns_nothing()
    {
        using var stranger = SimulatedCertificates.Create();
        var provider = _stage.Provider("revolut", [.. _settings, ("Revolut:TrustedRootsFile", Write("other-roots.pem", stranger.AuthorityPem))]);
        Assert.Equal(ProviderFault.Transient, Assert.Single(await ListAsync(provider)).Error!.Fault);
        Assert.Equal(0, _revolut.Calls.Of("token"));
    }

    [Fact]
    public async Task A_day_of_polls_stays_within_the_banks_four_calls()
    {
        var accounts = Accounts().Take(1).ToList();
        for (var poll = 0; poll < 6; poll++)
            await ReadAsync(accounts);
        Assert.Equal(3, _revolut.Calls.Of("balances", accounts[0].ExternalId));

        // A worker that lost its memory is told by the bank.
        var forgetful = _stage.Provider("revolut", _settings);
        Assert.NotNull((await ReadAsync(accounts, forgetful))[0].Balance);
        var error = (await ReadAsync(accounts, forgetful))[0].Error!;
        Assert.Equal(ProviderFault.RateLimited, error.Fault);
        Assert.InRange(error.NotBefore!.Value - _stage.Bank.Clock.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));

        _stage.Bank.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.NotNull((await ReadAsync(accounts))[0].Balance);
        Assert.NotNull((await ReadAsync(accounts, forgetful))[0].Balance);
    }

    [Fact]
    public async Task Rotated_refresh_tokens_are_kept_through_expiry_and_a_new_worker()
    {
        _revolut.Faults.RotatesRefreshTokens = true;
        Assert.NotNull((await ReadAsync(Accounts()))[0].Balance);
        Assert.Equal(_revolut.RefreshTokenOf(_revolut.Options.Grants[0].ConsentId), _stage.RefreshTokens.Stored["revolut/main"]);

        _revolut.ExpireAccessTokens();
        Assert.All(await ReadAsync(Accounts()), reading => Assert.NotNull(reading.Balance));
        Assert.Equal(2, _revolut.Calls.Of("token"));

        _revolut.Faults.Unlimited = true;
        Assert.All(await ReadAsync(Accounts(), _stage.Provider("revolut", _settings)), reading => Assert.NotNull(reading.Balance));
    }

    [Theory]
    [InlineData(RevolutExpiryForm.Iso)]
    [InlineData(RevolutExpiryForm.Epoch)]
    [InlineData(RevolutExpiryForm.Absent)]
    public async Task The_end_of_the_consent_is_listed_where_the_bank_tells_it(RevolutExpiryForm form)
    {
        _revolut.Faults.RefreshTokenExpiry = form;
        _revolut.Faults.RotatesRefreshTokens = true;
        var listing = Assert.Single(await ListAsync());
        if (form == RevolutExpiryForm.Absent)
            Assert.Null(listing.ConsentEndsAt);
        else
            Assert.InRange(listing.ConsentEndsAt!.Value - _stage.Bank.Clock.GetUtcNow(), _revolut.Options.RefreshTokenLife - TimeSpan.FromMinutes(1), _revolut.Options.RefreshTokenLife);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revoked_consent_has_to_be_given_again(bool stillRefreshes)
    {
        _revolut.Faults.RefreshesRevoked = stillRefreshes;
        _revolut.Revoke(_revolut.Options.Grants[0].ConsentId);
        Assert.All(await ReadAsync(Accounts()), reading => Assert.Equal(ProviderFault.ReauthRequired, reading.Error!.Fault));
        Assert.Equal("reauth_required", Assert.Single(await ListAsync(_stage.Provider("revolut", _settings))).Status);
    }

    [Theory]
    [InlineData(false, ProviderFault.PermissionMissing)]
    [InlineData(true, ProviderFault.ReauthRequired)]
    public async Task A_consent_without_balances_is_told_by_the_words_of_the_answer(bool empty, object fault)
    {
        _revolut.Faults.EmptyUnauthorized = empty;
        _revolut.Permit(_revolut.Options.Grants[0].ConsentId, ["ReadAccountsBasic"]);
        Assert.All(await ReadAsync(Accounts()), reading => Assert.Equal(fault, reading.Error!.Fault));
        Assert.Null(Assert.Single(await ListAsync()).Error);
    }

    [Theory]
    [InlineData(RevolutFailure.ServerError, null)]
    [InlineData(RevolutFailure.BadGateway, null)]
    [InlineData(RevolutFailure.Unauthorized, null)]
    [InlineData(RevolutFailure.Reset, null)]
    [InlineData(RevolutFailure.Throttled, ProviderFault.RateLimited)]
    [InlineData(RevolutFailure.Reauthenticate, ProviderFault.ReauthRequired)]
    [InlineData(RevolutFailure.LowerCaseForbidden, ProviderFault.PermissionMissing)]
    [InlineData(RevolutFailure.Truncated, ProviderFault.Protocol)]
    public async Task A_failure_passes_or_says_what_it_is(RevolutFailure failure, object? fault)
    {
        _revolut.Faults.Next.Add(failure, 1, "balances");
        Assert.Equal(fault, (await ReadAsync([.. Accounts().Take(1)]))[0].Error?.Fault);
    }

    [Theory]
    [InlineData(RevolutBalanceShape.NoData, "Protocol")]
    [InlineData(RevolutBalanceShape.NoBalance, "Protocol")]
    [InlineData(RevolutBalanceShape.UnknownType, "")]
    [InlineData(RevolutBalanceShape.OnlyForward, "")]
    [InlineData(RevolutBalanceShape.Debit, "-12.30")]
    [InlineData(RevolutBalanceShape.ZeroCredit, "0.00")]
    [InlineData(RevolutBalanceShape.ZeroDebit, "0.00")]
    [InlineData(RevolutBalanceShape.FiveDecimals, "0.12345")]
    [InlineData(RevolutBalanceShape.WholeNumber, "970")]
    [InlineData(RevolutBalanceShape.ThirteenDigits, "9999999999999.99999")]
    [InlineData(RevolutBalanceShape.CreditIncluded, null)]
    [InlineData(RevolutBalanceShape.CreditNotIncluded, null)]
    public async Task Every_shape_of_a_balance_is_read_for_what_it_is(RevolutBalanceShape shape, string? current)
    {
        _revolut.Faults.Balances[_revolut.Accounts[0].Id] = shape;
        var readings = await ReadAsync(Accounts());
        var reading = readings.Single(reading => reading.Account.ExternalId == _revolut.Accounts[0].Id);
        Assert.Equal(current ?? Truth(reading).AvailableMoney.Amount.ToString(), reading.Error?.Fault.ToString() ?? reading.Balance!.Current?.ToString() ?? "");
        Assert.All(readings.Where(other => other != reading), other => Assert.NotNull(other.Balance));
    }

    [Fact]
    public async Task A_pocket_of_bitcoin_and_a_consent_without_accounts()
    {
        _revolut.Faults.BitcoinPocket = true;
        var bitcoin = Assert.Single(await ListAsync()).Accounts.Single(account => account.Currency == "BTC");
        var balance = (await ReadAsync([bitcoin]))[0].Balance!;
        Assert.Equal((0.12345m, "currency_not_iso"), (balance.Current, Assert.Single(balance.Flags)));

        _revolut.Faults.NoAccounts = true;
        var listing = Assert.Single(await ListAsync());
        Assert.Equal((0, null), (listing.Accounts.Count, listing.Error));
    }

    private List<ProviderAccount> Accounts() => [.. _revolut.Accounts.Select(account => new ProviderAccount("revolut", "main", account.Id, null, null, account.Account.Currency))];

    private Redbark.Sync.Simulator.Bank.BankBalance Truth(BalanceReading reading) => _stage.Truth(_revolut.Accounts.Single(account => account.Id == reading.Account.ExternalId));

    private ValueTask<List<ConnectionListing>> ListAsync(IBalanceProvider? provider = null) => (provider ?? _provider).ListAccountsAsync(TestContext.Current.CancellationToken).ToListAsync();

    private ValueTask<List<BalanceReading>> ReadAsync(IReadOnlyList<ProviderAccount> accounts, IBalanceProvider? provider = null) =>
        (provider ?? _provider).ReadBalancesAsync(accounts, TestContext.Current.CancellationToken).ToListAsync();

    private string Write(string name, string text)
    {
        var path = Path.Combine(_files.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
