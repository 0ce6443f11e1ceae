using System.CommandLine;
using Redbark.Sync.Standalone.Hosting;
using Redbark.Sync.Worker.SignIn;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync set-password</c>: makes the setting that lets a person sign in to the console.</summary>
internal static class SetPasswordCommand
{
    public static Command Create()
    {
        var save = new Option<bool>("--save") { Description = "Write it into redbark.json (or the file that REDBARK_CONFIG names) instead of printing it." };
        var command = new Command("set-password", "Set the console's password: asks for it twice, or reads one line of standard input.") { save };
        command.SetHandler(async (given, _, cancellation) =>
        {
            var hash = PasswordHashes.Of(await ReadAsync(cancellation));
            if (!given.GetValue(save))
            {
                // The hash alone, so that a script can take it as it is.
                Console.WriteLine(hash);
                Console.Error.WriteLine("""That is the setting Console:PasswordHash: in redbark.json as { "Console": { "PasswordHash": "…" } }, in the environment as Console__PasswordHash. It counts from the next start on.""");
                return ExitCodes.Ok;
            }

            var file = StandaloneConfiguration.File;
            PasswordFile.Save(file, hash);
            Console.WriteLine($"Written to {file}. It counts from the next start on; every session of before ends with it.");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<string> ReadAsync(CancellationToken cancellation)
    {
        if (Console.IsInputRedirected)
            return Checked(await Console.In.ReadLineAsync(cancellation) ?? "");

        Console.Error.Write($"Password ({PasswordHashes.Shortest} characters or more): ");
        var first = Checked(ReadWithoutEcho());
        Console.Error.Write("Once more: ");
        return ReadWithoutEcho() == first ? first : throw new UsageException("the two differ; nothing was changed.");
    }

    private static string Checked(string password) => password.Length switch
    {
        < PasswordHashes.Shortest => throw new UsageException($"a password has {PasswordHashes.Shortest} characters or more; this has {password.Length}."),
        > PasswordHashes.Longest => throw new UsageException($"a password has at most {PasswordHashes.Longest} characters; this has {password.Length}."),
        _ => password,
    };

    private static string ReadWithoutEcho()
    {
        var typed = new List<char>();
        for (var key = Console.ReadKey(intercept: true); key.Key is not ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key is ConsoleKey.Backspace && typed.Count > 0)
                typed.RemoveAt(typed.Count - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Add(key.KeyChar);
        }

        Console.Error.WriteLine();
        return new string([.. typed]);
    }
}
