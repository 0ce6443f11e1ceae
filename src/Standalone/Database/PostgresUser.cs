namespace Redbark.Sync.Standalone.Database;

/// <summary>
/// The system user that the server's programs run as: this process's own, or, because PostgreSQL refuses to run as root,
/// an unprivileged one when this process is root.
/// </summary>
internal static class PostgresUser
{
    private static readonly string[] Unprivileged = ["postgres", "redbark", "nobody"];

    public static bool IsNeeded => Environment.IsPrivilegedProcess;

    /// <summary>The program and arguments that run a command as that user.</summary>
    /// <remarks>
    /// The user keeps the right to search directories, so that a data directory below one that only root may enter
    /// works too; the capability reads nothing that root did not point it at.
    /// </remarks>
    public static (string Program, IEnumerable<string> Arguments) Wrap(string program, IEnumerable<string> arguments)
    {
        if (!IsNeeded)
            return (program, arguments);

        var name = Name();
        return ("setpriv",
        [
            $"--reuid={name}", $"--regid={Group(name)}", "--clear-groups",
            "--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search", "--", program, .. arguments,
        ]);
    }

    /// <summary>Hands a directory and what is in it to that user, readable by nobody else.</summary>
    public static async Task TakeAsync(string directory, CancellationToken cancellation)
    {
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!IsNeeded)
            return;

        var name = Name();
        var chown = await ProgramRun.RunAsync("chown", ["-R", $"{name}:{Group(name)}", directory], cancellation);
        if (chown.ExitCode != 0)
            throw new PrivatePostgresException($"{directory} cannot be given to the user '{name}': {chown.Printed}");
    }

    private static string Name() => Unprivileged.FirstOrDefault(Exists) ?? throw new PrivatePostgresException(
        $"PostgreSQL does not run as root and none of the users {string.Join(", ", Unprivileged)} exists. Start as another user, or make one of them.");

    private static string Group(string user) => ProgramRun.Run("id", ["-gn", user]).Output.Trim();

    private static bool Exists(string user) => ProgramRun.Run("id", ["-u", user]).ExitCode == 0;
}
