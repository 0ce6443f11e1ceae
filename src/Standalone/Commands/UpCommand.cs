using System.CommandLine;
using Microsoft.Extensions.Options;
using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync up</c>: receives, applies and serves until it is told to stop.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var command = new Command("up", "Run for real, from redbark.json and the environment, until Ctrl-C.");
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            RequireFeed(configuration);
            await using var app = StandaloneHost.Build(given.Settings());
            await StartAsync(app, cancellation);
            UpBanner.Print(app);
            await app.WaitForShutdownAsync(cancellation);

            if (app.Services.GetRequiredService<StartFailure>().Message is not { } failure)
                return ExitCodes.Ok;
            Console.Error.WriteLine(failure);
            return ExitCodes.Misused;
        });
        return command;
    }

    /// <exception cref="UsageException">A setting is wrong, or the address is taken.</exception>
    public static async Task StartAsync(WebApplication app, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (OptionsValidationException invalid)
        {
            throw new UsageException($"the configuration is wrong:\n  {string.Join("\n  ", invalid.Failures)}");
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new UsageException($"{taken.Message} Another process listens there; name another address in Urls.");
        }
    }

    private static void RequireFeed(IConfiguration configuration)
    {
        if (configuration.GetSection("Feeds").GetChildren().Any())
            return;

        throw new UsageException($$"""
            no feed is configured, so no delivery could be trusted.

            1. In Redbark's dashboard add a webhook destination with the URL
                 https://<where this machine can be reached>/webhooks/redbark
               (a reverse proxy or a tunnel passes it on to {{configuration.LocalUrl()}}), and copy its signing secret.
            2. Put the secret into redbark.json here:
                 { "Feeds": { "redbark": { "Secrets": [ "<the secret>" ], "TimeZone": "Australia/Sydney" } } }
               or into the environment: Feeds__redbark__Secrets__0
            3. Start again.
            """);
    }
}
