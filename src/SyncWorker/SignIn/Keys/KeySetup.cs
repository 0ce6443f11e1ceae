using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.SignIn.Keys;

/// <summary>Where the keys of sessions and antiforgery tokens are kept, and how.</summary>
internal static class KeySetup
{
    public static void AddSessionKeys(this IServiceCollection services)
    {
        services.AddSingleton<KeySeal>();
        services.AddSingleton<DatabaseKeys>();
        services.AddDataProtection().SetApplicationName("Redbark.Sync");
        services.AddOptions<KeyManagementOptions>().Configure<IServiceProvider>((keys, provider) =>
        {
            var seal = provider.GetRequiredService<KeySeal>();
            keys.XmlEncryptor = seal.CanSeal ? new KeyEncryptor(seal) : new NullXmlEncryptor();
            keys.XmlRepository = provider.GetRequiredService<IOptions<ConsoleOptions>>().Value.KeysDirectory is { } directory
                ? new FileSystemXmlRepository(Private(directory), provider.GetRequiredService<ILoggerFactory>())
                : provider.GetRequiredService<DatabaseKeys>();
        });
    }

    /// <summary>Takes out the service that reads the keys at start, when the database may not be up yet. Comes after all that adds data protection.</summary>
    public static void ReadKeysWhenNeeded(this IServiceCollection services)
    {
        foreach (var eager in services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(eager);
    }

    private static DirectoryInfo Private(string directory) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(directory)
        : Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
