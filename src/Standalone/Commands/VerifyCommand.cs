using System.CommandLine;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync verify body.json --timestamp … --signature …</c>: why does this signature not match?</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var body = new BodyArgument();
        var secret = new SecretOptions();
        var signature = new Option<string>("--signature") { Description = $"The {WebhookHeaders.Signature} header.", Required = true };
        var timestamp = new Option<string>("--timestamp") { Description = $"The {WebhookHeaders.Timestamp} header.", Required = true };
        var at = new Option<long?>("--at") { Description = "Judge the age as of this Unix time; default: now." };
        var command = new Command("verify", "Say whether a signature matches a body, and if not, why.") { body.Argument, signature, timestamp, at };
        secret.AddTo(command);
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            var (_, secrets) = secret.Read(given, configuration);
            var bytes = await body.ReadAsync(given, cancellation);
            var now = given.GetValue(at) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UtcNow;
            var report = SignatureReport.Of(bytes, given.GetValue(signature), given.GetValue(timestamp), secrets, now);
            foreach (var line in report.Lines)
                Console.WriteLine(line);
            return report.IsValid ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }
}
