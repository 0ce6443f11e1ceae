using System.Globalization;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.OpenBanking.Revolut;
using Redbark.Sync.Simulator.OpenBanking.TokenIo;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Demo;

/// <summary>The demonstration's bank, and a receiver that is set up for it.</summary>
internal static class DemoSettings
{
    /// <summary>How much of the bank's time passes between the two syncs. The bank starts so far in the past: no row may come from the future.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromHours(20);

    /// <summary>How long a late chunk may take. Real senders give up after 13 seconds; the demonstration does not wait so long.</summary>
    public static readonly TimeSpan ChunkGrace = TimeSpan.FromSeconds(1);

    private const string Secret = "the-demo's-signing-secret";
    private const string Consent = "demo";

    /// <summary>What of the user's own settings counts here: where the database is and how it is logged. Feeds, keys and jobs are the demonstration's.</summary>
    private static readonly string[] OwnSections = ["Data", "Postgres", "ConnectionStrings", "Serilog", "Logging"];

    public static SimulatedRedbark Bank(int seed) => SimulatedRedbark.Create(new SimulatorOptions
    {
        Bank = new BankOptions { Seed = seed, Accounts = 3, Rows = 1200, Behind = Day },
        // Replaced once the receiver listens.
        Destination = new Destination { Url = new Uri("http://127.0.0.1/"), Secrets = [Secret], IncludePending = true },
        Sender = new SenderOptions { ChunkSize = 300 },
        Revolut = new RevolutOptions { Accounts = [new RevolutAccount(0)] },
        TokenIo = new TokenIoOptions { Accounts = [1] },
    });

    /// <param name="own">The user's settings.</param>
    /// <param name="data">Where the demonstration keeps its data.</param>
    /// <param name="redbark">The bank.</param>
    /// <param name="rest">Where it serves its APIs.</param>
    public static Dictionary<string, string?> Of(IConfiguration own, DataDirectory data, SimulatedRedbark redbark, Uri rest)
    {
        var settings = OwnSections.SelectMany(section => own.GetSection(section).AsEnumerable()).ToDictionary(StringComparer.OrdinalIgnoreCase);
        settings["Data:Directory"] = data.Path;
        settings["Journal:Directory"] = data.Journal;
        settings["Urls"] = "http://127.0.0.1:0";
        settings["Feeds:demo:Secrets:0"] = Secret;
        settings["Feeds:demo:TimeZone"] = redbark.Bank.TimeZone.Id;
        settings["Schedule:Enabled"] = "false";
        settings["Gaps:ChunkGrace"] = ChunkGrace.ToString();
        settings.TryAdd("Serilog:MinimumLevel:Default", "Error");
        settings.TryAdd("Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime", "Error");
        AddProviders(settings, redbark, rest);
        return settings;
    }

    /// <summary>What a receiver needs to ask all three providers, and what the accounts held before their first rows.</summary>
    /// <param name="settings">Are added to.</param>
    /// <param name="redbark">The bank; Revolut and Token.io show accounts of it.</param>
    /// <param name="rest">Where it serves its APIs.</param>
    public static void AddProviders(Dictionary<string, string?> settings, SimulatedRedbark redbark, Uri rest)
    {
        settings["Redbark:BaseUrl"] = rest.ToString();
        settings["Redbark:ApiKey"] = redbark.Options.Rest.ApiKey;
        AddOpenBanking(settings, redbark, rest);
        // As from a statement: with it the very first balance proves the rows before it.
        foreach (var account in redbark.Bank.Accounts.Where(account => !account.IsBrokerage))
            settings[$"Reconciliation:Accounts:{account.Id}:Opening"] = Money.FromMinorUnits(account.OpeningMinorUnits, account.Currency).Amount.ToString(CultureInfo.InvariantCulture);
    }

    private static void AddOpenBanking(Dictionary<string, string?> settings, SimulatedRedbark redbark, Uri rest)
    {
        var (revolut, tokenIo) = (redbark.Revolut!, redbark.TokenIo!);
        settings["Revolut:BaseUrl"] = $"{rest}{SimulatedRedbark.RevolutPrefix.TrimStart('/')}";
        settings["Revolut:ClientId"] = revolut.Options.ClientId;
        settings[$"Revolut:Consents:{Consent}:RefreshToken"] = revolut.Options.Grants[0].RefreshToken;
        foreach (var shown in revolut.Accounts)
            settings[$"Revolut:Consents:{Consent}:Links:{shown.Id}"] = shown.Account.Id.ToString();

        settings["TokenIo:BaseUrl"] = $"{rest}{SimulatedRedbark.TokenIoPrefix.TrimStart('/')}";
        settings["TokenIo:ApiKey"] = tokenIo.Options.ApiKey;
        settings[$"TokenIo:Consents:{Consent}:TokenId"] = tokenIo.Options.Grants[0].TokenId;
        foreach (var shown in tokenIo.Accounts)
            settings[$"TokenIo:Consents:{Consent}:Links:{shown.Id}"] = shown.Account.Id.ToString();
    }
}
