using Redbark.Sync.Simulator.OpenBanking.TokenIo;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;
using SimulatorOptions = Redbark.Sync.Simulator.OpenBanking.TokenIo.TokenIoOptions;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking;

/// <summary>The Token.io provider against the simulated Token.io, over HTTP.</summary>
public sealed class SimulatedTokenIoTests : IAsyncLifetime
{
    private readonly SimulatedStage _stage = new();
    private SimulatedTokenIo _tokenIo = null!;
    private (string, string?)[] _settings = [];
    private IBalanceProvider _provider = null!;

    public async ValueTask InitializeAsync()
    {
        _tokenIo = SimulatedTokenIo.Create(_stage.Bank, new SimulatorOptions { Accounts = [0, 1, 2, 3, 4] });
        var address = await _tokenIo.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        _settings =
        [
            ("TokenIo:BaseUrl", address.AbsoluteUri),
            ("TokenIo:ApiKey", _tokenIo.Options.ApiKey),
            ("TokenIo:Consents:main:TokenId", _tokenIo.Options.Grants[0].TokenId),
        ];
        _provider = _stage.Provider("tokenio", _settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _tokenIo.DisposeAsync();
    }

    [Theory]
    [InlineData(false, TokenIoUpdatedAt.Text)]
    [InlineData(true, TokenIoUpdatedAt.Number)]
    [InlineData(true, TokenIoUpdatedAt.Absent)]
    public async Task Every_account_is_listed_and_read_as_the_bank_has_it(bool unusual, TokenIoUpdatedAt updatedAt)
    {
        var faults = _tokenIo.Faults;
        (faults.WritesDefaults, faults.ScalarType, faults.OtherBalances, faults.Reversed, faults.Duplicates, faults.UpdatedAt) = (unusual, unusual, unusual, unusual, unusual, updatedAt);
        var listing = Assert.Single(await _provider.ListAccountsAsync(TestContext.Current.CancellationToken).ToListAsync());
        Assert.Equal(("ob-modelo", null), (listing.Institution, listing.Error));
        Assert.Equal(_tokenIo.Accounts.Select(account => (account.Id, account.Account.Currency)), listing.Accounts.Select(account => (account.ExternalId, account.Currency!)));
        Assert.All(listing.Accounts, account => Assert.NotNull(account.Type));

        foreach (var reading in await ReadAsync(listing.Accounts))
        {
            var truth = Truth(reading);
            Assert.Equal((truth.CurrentMoney.Amount, truth.AvailableMoney.Amount, ValueOrigin.Reported),
                (reading.Balance!.Current!.Value, reading.Balance.Available!.Value, reading.Balance.CurrentOrigin!.Value));
            Assert.Equal(updatedAt is TokenIoUpdatedAt.Absent, reading.Balance.AsOf is null);
        }

        Assert.Equal(0, _tokenIo.Calls.Of("balance"));
    }

    [Theory]
    [InlineData(TokenIoParameter.SnakeCase, "accountId")]
    [InlineData(TokenIoParameter.CamelCase, "account_id")]
    public async Task The_other_spelling_of_the_parameter_is_found(TokenIoParameter understood, string configured)
    {
        _tokenIo.Faults.Parameter = understood;
        var provider = _stage.Provider("tokenio", [.. _settings, ("TokenIo:AccountParameter", configured)]);
        Assert.All(await ReadAsync(Accounts(), provider), reading => Assert.NotNull(reading.Balance));
        Assert.All(await ReadAsync(Accounts(), provider), reading => Assert.NotNull(reading.Balance));
    }

    [Theory]
    [InlineData(TokenIoFailure.ServerError, null)]
    [InlineData(TokenIoFailure.BankError, null)]
    [InlineData(TokenIoFailure.PlainText, null)]
    [InlineData(TokenIoFailure.Unavailable, null)]
    [InlineData(TokenIoFailure.DeadlineExceeded, null)]
    [InlineData(TokenIoFailure.Reset, null)]
    [InlineData(TokenIoFailure.Unimplemented, null)]
    [InlineData(TokenIoFailure.BadRequest, null)]
    [InlineData(TokenIoFailure.Unauthorized, ProviderFault.CredentialInvalid)]
    [InlineData(TokenIoFailure.Forbidden, ProviderFault.ReauthRequired)]
    [InlineData(TokenIoFailure.Throttled, ProviderFault.RateLimited)]
    [InlineData(TokenIoFailure.Truncated, ProviderFault.Protocol)]
    public async Task A_failure_of_the_bulk_call_passes_or_says_what_it_is(TokenIoFailure failure, object? fault)
    {
        _tokenIo.Faults.Next.Add(failure, 1, "account-balance");
        Assert.All(await ReadAsync(Accounts()), reading => Assert.Equal(fault, reading.Error?.Fault));
    }

    [Theory]
    [InlineData(TokenIoBalanceShape.MoreSignaturesNeeded, "PermissionMissing")]
    [InlineData(TokenIoBalanceShape.InvalidRequest, "Protocol", "BadRequest")]
    [InlineData(TokenIoBalanceShape.Missing, "Protocol", "BadRequest")]
    [InlineData(TokenIoBalanceShape.Grouped, "Protocol")]
    [InlineData(TokenIoBalanceShape.Negative, "-20.5000")]
    [InlineData(TokenIoBalanceShape.OnlyCurrent, null)]
    [InlineData(TokenIoBalanceShape.OnlyAvailable, null)]
    [InlineData(TokenIoBalanceShape.OnlyOther, null)]
    [InlineData(TokenIoBalanceShape.TwoCurrencies, null)]
    public async Task Every_shape_of_a_balance_is_read_for_what_it_is(TokenIoBalanceShape shape, string? inBulk, string? single = null)
    {
        var odd = _tokenIo.Accounts[1];
        _tokenIo.Faults.Balances[odd.Id] = shape;
        var readings = await ReadAsync(Accounts());
        var reading = readings.Single(reading => reading.Account.ExternalId == odd.Id);
        var alone = Assert.Single(await ReadAsync([reading.Account]));
        var truth = _stage.Truth(odd);
        var expected = (shape is TokenIoBalanceShape.OnlyCurrent ? truth.CurrentMoney : truth.AvailableMoney).Amount;
        Assert.Equal(inBulk ?? "", Said(reading));
        Assert.Equal(single ?? inBulk ?? "", Said(alone));
        Assert.All(readings.Where(other => other != reading), other => Assert.NotNull(other.Balance));

        string Said(BalanceReading read) => read.Error?.Fault.ToString() ?? (inBulk is null && read.Balance!.Current == expected ? "" : $"{read.Balance!.Current}");
    }

    [Fact]
    public async Task Polls_stay_within_the_banks_four_calls()
    {
        for (var poll = 0; poll < 6; poll++)
            await ReadAsync(Accounts());
        Assert.Equal(3, _tokenIo.Calls.Of("account-balance", _tokenIo.Accounts[0].Id));

        _tokenIo.Faults.RetryAfter = true;
        var forgetful = _stage.Provider("tokenio", _settings);
        await ReadAsync(Accounts(), forgetful);
        var error = (await ReadAsync(Accounts(), forgetful))[0].Error!;
        Assert.Equal(ProviderFault.RateLimited, error.Fault);
        Assert.InRange(error.NotBefore!.Value - _stage.Bank.Clock.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task A_consent_that_ended_and_a_key_that_is_wrong()
    {
        var wrong = _stage.Provider("tokenio", [.. _settings, ("TokenIo:ApiKey", "wrong")]);
        Assert.All(await ReadAsync(Accounts(), wrong), reading => Assert.Equal(ProviderFault.CredentialInvalid, reading.Error!.Fault));

        _tokenIo.Revoke(_tokenIo.Options.Grants[0].TokenId);
        Assert.All(await ReadAsync(Accounts()), reading => Assert.Equal(ProviderFault.ReauthRequired, reading.Error!.Fault));
    }

    private List<ProviderAccount> Accounts() => [.. _tokenIo.Accounts.Select(account => new ProviderAccount("tokenio", "main", account.Id, null, null, account.Account.Currency))];

    private Redbark.Sync.Simulator.Bank.BankBalance Truth(BalanceReading reading) => _stage.Truth(_tokenIo.Accounts.Single(account => account.Id == reading.Account.ExternalId));

    private ValueTask<List<BalanceReading>> ReadAsync(IReadOnlyList<ProviderAccount> accounts, IBalanceProvider? provider = null) =>
        (provider ?? _provider).ReadBalancesAsync(accounts, TestContext.Current.CancellationToken).ToListAsync();
}
