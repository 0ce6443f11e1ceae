using System.Globalization;

namespace Redbark.Sync.Standalone.Database;

/// <summary>Where one major version of PostgreSQL's server programs is installed.</summary>
internal sealed record PostgresBinaries(string Directory, int MajorVersion)
{
    /// <summary>The first release with everything the ledger's schema uses.</summary>
    public const int OldestMajorVersion = 15;

    private static readonly string[] Roots = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

    public string Program(string name) => Path.Combine(Directory, name);

    /// <summary>Finds the newest usable version, or exactly the one that made an existing cluster.</summary>
    /// <param name="configured">A <c>bin</c> directory to use instead of looking for one.</param>
    /// <param name="madeBy">Major version of an existing cluster.</param>
    /// <exception cref="PrivatePostgresException">None is installed, or not the one that is needed.</exception>
    public static PostgresBinaries Find(string? configured, int? madeBy)
    {
        var installed = (configured is null ? Candidates() : [configured])
            .Select(Probe).OfType<PostgresBinaries>().OrderByDescending(found => found.MajorVersion).ToList();

        if (madeBy is { } major)
        {
            return installed.Find(found => found.MajorVersion == major) ?? throw new PrivatePostgresException(
                $"The data was made by PostgreSQL {major}, which is not installed here (found: {Versions(installed)}). " +
                $"Install postgresql-{major}, or upgrade the data with pg_upgrade.");
        }

        return installed.Find(found => found.MajorVersion >= OldestMajorVersion) ?? throw new PrivatePostgresException(
            $"No PostgreSQL server {OldestMajorVersion} or newer was found (found: {Versions(installed)}). " +
            "Install it (Debian: apt-get install postgresql), name its bin directory in Postgres:BinDirectory, " +
            "or name a running server in ConnectionStrings:Ledger.");
    }

    private static IEnumerable<string> Candidates()
    {
        foreach (var root in Roots.Where(System.IO.Directory.Exists))
            foreach (var version in System.IO.Directory.EnumerateDirectories(root))
                yield return Path.Combine(version, "bin");

        foreach (var version in System.IO.Directory.Exists("/usr") ? System.IO.Directory.EnumerateDirectories("/usr", "pgsql-*") : [])
            yield return Path.Combine(version, "bin");

        foreach (var path in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return path;
    }

    private static PostgresBinaries? Probe(string directory)
    {
        if (!File.Exists(Path.Combine(directory, "postgres")) || !File.Exists(Path.Combine(directory, "initdb")))
            return null;

        var version = ProgramRun.Run(Path.Combine(directory, "postgres"), ["--version"]);
        var number = version.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(2)?.Split('.')[0].Trim();
        return int.TryParse(new string(number?.TakeWhile(char.IsAsciiDigit).ToArray()), CultureInfo.InvariantCulture, out var major)
            ? new PostgresBinaries(directory, major)
            : null;
    }

    private static string Versions(List<PostgresBinaries> installed) =>
        installed.Count == 0 ? "none" : string.Join(", ", installed.Select(found => found.MajorVersion));
}
