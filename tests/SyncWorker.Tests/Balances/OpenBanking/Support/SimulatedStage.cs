using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Worker.Balances;

namespace Redbark.Sync.Worker.Tests.Balances.OpenBanking.Support;

/// <summary>The providers as the worker registers them, and the bank behind the simulators that they call. Both have the bank's clock.</summary>
internal sealed class SimulatedStage : IAsyncDisposable
{
    private readonly List<WebApplication> _workers = [];

    public SimulatedBank Bank { get; } = BankGenerator.Create(new BankOptions { Seed = 5, Accounts = 5, Rows = 60, Trades = 1 }, TimeProvider.System).Bank;

    public MemoryRefreshTokens RefreshTokens { get; } = new();

    /// <summary>A worker's provider with these settings, the last of each; each has a budget of its own.</summary>
    public IBalanceProvider Provider(string name, params (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(settings.Reverse().DistinctBy(setting => setting.Key).Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(Bank.Clock);
        builder.Services.AddSingleton<ICallBudget>(new MemoryBudget(Bank.Clock));
        builder.Services.AddSingleton<IRefreshTokens>(RefreshTokens);
        var worker = builder.AddOpenBanking().Build();
        _workers.Add(worker);
        return worker.Services.GetServices<IBalanceProvider>().Single(provider => provider.Name == name);
    }

    public BankBalance Truth(Redbark.Sync.Simulator.OpenBanking.ExposedAccount account) => Bank.Balances().Single(balance => balance.Account.Id == account.Account.Id);

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
            await worker.DisposeAsync();
    }
}
