using Microsoft.Extensions.Options;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Calls;
using Redbark.Sync.Worker.Balances.Revolut;
using Redbark.Sync.Worker.Balances.TokenIo;

namespace Redbark.Sync.Worker.Balances;

/// <summary>The two providers of open banking.</summary>
internal static class OpenBankingSetup
{
    /// <summary>Adds Revolut and Token.io, each with its settings, which are checked at start.</summary>
    public static WebApplicationBuilder AddOpenBanking(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<CallMeter>();
        services.AddProviderOptions<RevolutOptions>(RevolutOptions.Read);
        services.AddProviderOptions<TokenIoOptions>(TokenIoOptions.Read);
        services.AddKeyedSingleton(RevolutBalanceProvider.ProviderName, (provider, _) =>
        {
            var options = provider.GetRequiredService<RevolutOptions>();
            return ProviderHttp.Create(options.BaseUrl, provider.GetRequiredService<TimeProvider>(), options.Certificate, options.TrustedRoots);
        });
        services.AddKeyedSingleton(TokenIoBalanceProvider.ProviderName, (provider, _) =>
            ProviderHttp.Create(provider.GetRequiredService<TokenIoOptions>().BaseUrl, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RevolutTokens(provider.GetRequiredService<RevolutOptions>(), Http(provider, RevolutBalanceProvider.ProviderName),
            provider.GetRequiredService<IRefreshTokens>(), provider.GetRequiredService<CallMeter>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RevolutClient(provider.GetRequiredService<RevolutOptions>(), Http(provider, RevolutBalanceProvider.ProviderName),
            provider.GetRequiredService<RevolutTokens>(), provider.GetRequiredService<CallMeter>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new TokenIoClient(provider.GetRequiredService<TokenIoOptions>(), Http(provider, TokenIoBalanceProvider.ProviderName),
            provider.GetRequiredService<CallMeter>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IBalanceProvider, RevolutBalanceProvider>();
        services.AddSingleton<IBalanceProvider, TokenIoBalanceProvider>();
        return builder;
    }

    private static ProviderHttp Http(IServiceProvider provider, string name) => provider.GetRequiredKeyedService<ProviderHttp>(name);

    private static void AddProviderOptions<T>(this IServiceCollection services, Action<T, IConfiguration> read)
        where T : ProviderOptions
    {
        services.AddOptions<T>().Configure(read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>, ProviderOptionsValidator<T>>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<T>>().Value);
    }
}
