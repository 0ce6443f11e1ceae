using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Playwright;
using Redbark.Sync.Browser.Tests.Harness;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Standalone.Commands;
using Redbark.Sync.Standalone.Demo;
using Redbark.Sync.Standalone.Hosting;
using Redbark.Sync.Testing;
using Redbark.Sync.Worker.SignIn;

[assembly: AssemblyFixture(typeof(Stage))]

namespace Redbark.Sync.Browser.Tests.Harness;

/// <summary>A running process with the demonstration's history behind it, and a browser before it; one for all tests.</summary>
public sealed class Stage : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    private readonly TemporaryDirectory _data = TemporaryDirectory.InMemory("browser");
    private TestDatabase? _database;
    private SimulatedRedbark? _redbark;
    private WebApplication? _app;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _signedIn;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    private BankAccount Told => _redbark!.Bank.Accounts.First(account => !account.IsBrokerage);

    internal ApiClient Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestServers.CreateDatabaseAsync();
        _redbark = DemoSettings.Bank(seed: 1);
        var own = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Ledger", _database.ConnectionString)]).Build();
        var settings = DemoSettings.Of(own, new DataDirectory(_data.Path), _redbark, await _redbark.StartRestAsync());
        settings["Console:PasswordHash"] = PasswordHashes.Of(Password);
        settings["Revolut:Consents:demo:EndsAt"] = $"{DateTime.UtcNow.AddDays(6):yyyy-MM-dd}";
        _app = StandaloneHost.Build(settings);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
        _redbark.Destination.Url = new Uri(Address, "/webhooks/demo");
        Api = new ApiClient(Address, _app.Configuration["Api:Tokens:0"]!);
        using var output = new StringWriter();
        Assert.True(await new DemoPlay(_redbark, Api, output).PlayAsync(CancellationToken.None), output.ToString());
        await SendWhatWaitsForPeopleAsync();

        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
        await using var visit = await AnonymousAsync();
        await visit.SignInAsync();
        _signedIn = await visit.Page.Context.StorageStateAsync();
    }

    /// <summary>A browser of somebody who has signed in.</summary>
    internal Task<Visit> SignedInAsync(Look look = Look.Light, bool script = true) => BeginAsync(Address, look, _signedIn, script);

    /// <summary>A browser of somebody unknown.</summary>
    internal Task<Visit> AnonymousAsync(Look look = Look.Light) => BeginAsync(Address, look, state: null, script: true);

    /// <summary>A browser of somebody unknown, before another process.</summary>
    internal Task<Visit> AnonymousAsync(Uri address) => BeginAsync(address, Look.Light, state: null, script: true);

    /// <summary>The ledger's id of the account that rows were sent for which its bank does not know.</summary>
    internal async Task<long> CashAccountAsync() =>
        (await Api.ListAsync("/api/v1/accounts", CancellationToken.None).FirstAsync(account => account.GetProperty("externalId").GetString() == $"{Told.Id}")).GetProperty("id").GetInt64();

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Api?.Dispose();
        if (_redbark is not null)
            await _redbark.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Rows that the bank itself does not know: two that may be one payment, two that cannot be read, and one that would like to be markup.</summary>
    private async Task SendWhatWaitsForPeopleAsync()
    {
        string Row(string id, string amount, string status, string description) => $$"""
            {"id":"{{id}}","object":"transaction","amount":{{amount}},"currency":"{{Told.Currency.ToLowerInvariant()}}","status":"{{status}}","description":"{{description}}","merchant_name":"Trattoria Uno",
            "direction":"debit","class":"payment","account_id":"{{Told.Id}}","account_name":"{{Told.Name}}","local_date":"{{_redbark!.Bank.Today:yyyy-MM-dd}}"}
            """;
        await _redbark!.RunAsync(new SyncFaults
        {
            ExtraRows =
            [
                Row("browser-hold", "-5000", "pending", "TRATTORIA UNO"), Row("browser-bill", "-5500", "posted", "TRATTORIA UNO TIP"),
                Row("browser-edit", "\"12.5O\"", "posted", "Not a number"), Row("browser-drop", "1.5", "posted", "Half a cent"),
                Row("browser-markup", "-100", "posted", "<img src=x onerror=alert(1)>\u2028\u202e</td><script>alert(2)</script>"),
            ],
        });
        await Eventually.HoldsAsync(
            async () => await Api.ListAsync("/api/v1/suggestions", CancellationToken.None).AnyAsync() && await Api.ListAsync("/api/v1/quarantine?state=open", CancellationToken.None).CountAsync() == 3,
            "what waits for people is there");
    }

    private async Task<Visit> BeginAsync(Uri address, Look look, string? state, bool script)
    {
        var options = look.Options(address);
        options.StorageState = state;
        options.JavaScriptEnabled = script;
        return await Visit.BeginAsync(await _browser!.NewContextAsync(options), address);
    }
}
