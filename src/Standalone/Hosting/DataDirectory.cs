using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Redbark.Sync.Standalone.Database;

namespace Redbark.Sync.Standalone.Hosting;

/// <summary>What the standalone process keeps on disk.</summary>
internal sealed record DataDirectory(string Path)
{
    public string Journal => System.IO.Path.Combine(Path, "journal");

    public string Database => System.IO.Path.Combine(Path, "postgres");

    public string SessionKeys => System.IO.Path.Combine(Path, "session-keys");

    public string ApiTokenFile => System.IO.Path.Combine(Path, "api-token");

    /// <summary>Makes the directory, for its owner alone: it holds bank data in the clear.</summary>
    public void Make() => Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>The token that was made at first start; null before it.</summary>
    public string? ReadApiToken() => File.Exists(ApiTokenFile) ? File.ReadAllText(ApiTokenFile).Trim() : null;

    /// <summary>Throws away the ledger and the journal, and keeps the database server, whose making takes the time.</summary>
    public async Task EmptyLedgerAsync(CancellationToken cancellation)
    {
        Make();
        if (Directory.Exists(Journal))
            Directory.Delete(Journal, recursive: true);

        var server = new PostgresServer(Database, new PostgresOptions(), NullLogger.Instance);
        await server.StartAsync(cancellation);
        await server.DropDatabaseAsync(PrivateDatabase.Name, cancellation);
    }

    /// <summary>Makes the API's token unless there is one.</summary>
    /// <returns>The token, and whether it was made just now.</returns>
    public (string Token, bool IsNew) EnsureApiToken()
    {
        if (ReadApiToken() is { Length: > 0 } token)
            return (token, false);

        Make();
        token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var file = new StreamWriter(ApiTokenFile, options);
        file.WriteLine(token);
        return (token, true);
    }
}
