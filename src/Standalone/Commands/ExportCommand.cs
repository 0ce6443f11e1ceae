using System.CommandLine;

namespace Redbark.Sync.Standalone.Commands;

/// <summary><c>redbark-sync export</c>: the ledger as plain-text accounting or CSV, from the running process.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var format = new Option<string>("--format") { Description = "hledger (which Ledger reads too), beancount or csv.", DefaultValueFactory = _ => "hledger" };
        var from = new Option<string?>("--from") { Description = "The first day of booking, such as 2026-01-01; what was before is in the opening balances." };
        var to = new Option<string?>("--to") { Description = "The last day of booking." };
        var account = new Option<string?>("--account") { Description = "One account: its number in the ledger, as /api/v1/accounts shows it." };
        var pending = new Option<bool>("--pending") { Description = "Pending rows too, in accounts of their own." };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "The file to write; it appears when it is whole. Standard output otherwise." };
        var command = new Command("export", "Write the ledger for hledger, Ledger or Beancount, or as CSV.") { format, from, to, account, pending, output };
        command.SetHandler(async (given, configuration, cancellation) =>
        {
            using var api = ApiClient.Create(configuration);
            (string Name, string? Value)[] parameters =
            [
                ("format", given.GetValue(format)), ("from", given.GetValue(from)), ("to", given.GetValue(to)), ("accountId", given.GetValue(account)),
                ("pending", given.GetValue(pending) ? "true" : null),
            ];
            var address = "/api/v1/export?" + string.Join('&', parameters
                .Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
            if (given.GetValue(output) is { } file)
            {
                await WriteAsync(api, address, file.FullName, cancellation);
            }
            else
            {
                await using var screen = Console.OpenStandardOutput();
                await api.CopyAsync(address, screen, cancellation);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task WriteAsync(ApiClient api, string address, string path, CancellationToken cancellation)
    {
        var unfinished = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            await using (var file = Create(unfinished))
                await api.CopyAsync(address, file, cancellation);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {error.Message}");
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    // Nobody else's business: what it holds is a person's money.
    private static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
