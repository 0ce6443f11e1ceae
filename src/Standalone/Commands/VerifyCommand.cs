using System.CommandLine;
using System.Globalization;
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
            var result = WebhookSignature.Verify(
                bytes, given.GetValue(signature), given.GetValue(timestamp), secrets, now, WebhookSignature.DefaultTolerance);
            Console.WriteLine($"{result.Verdict.Reason()}: {result.Verdict.Explain()}");
            if (result.MatchedSecret is { } matched)
                Console.WriteLine($"Signed with {matched.Name} at {result.SignedAt:u}, {Age(now - result.SignedAt)}.");
            else if (result.Verdict is SignatureVerdict.SignatureMismatch)
                Hint(bytes, given.GetValue(timestamp)!, given.GetValue(signature)!, secrets);
            return result.IsValid ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    private static string Age(TimeSpan? age) =>
        age is { } span ? string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(span.TotalSeconds):0} s {(span < TimeSpan.Zero ? "ahead" : "ago")}") : "at no time";

    /// <summary>The usual ways in which a body or a secret differs by a hair.</summary>
    private static void Hint(byte[] body, string timestamp, string signature, IReadOnlyList<SigningSecret> secrets)
    {
        foreach (var (name, variant) in BodyVariants.Of(body))
        {
            var result = WebhookSignature.Verify(variant, signature, timestamp, secrets, DateTimeOffset.UtcNow, TimeSpan.MaxValue);
            if (result.MatchedSecret is not null)
            {
                Console.WriteLine($"It would match with {name}: the body was changed on its way here.");
                return;
            }
        }
    }
}
