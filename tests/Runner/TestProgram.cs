using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Tests.Runner;

/// <summary>One built test project; xunit.v3 makes a program of each.</summary>
internal sealed record TestProgram(string Name, string Path)
{
    // Those that take minutes begin first.
    private static readonly string[] LongestLast = ["Browser.Tests", "Worker.Tests", "EndToEnd.Tests"];

    public static List<TestProgram> Find(string root, string configuration) =>
        Directory.EnumerateDirectories(System.IO.Path.Combine(root, "tests"), "*.Tests")
            .Select(project => System.IO.Path.Combine(project, "bin", configuration, "net10.0"))
            .Where(Directory.Exists)
            .SelectMany(built => Directory.EnumerateFiles(built, "Redbark.Sync.*.Tests.dll"))
            .Select(path => new TestProgram(System.IO.Path.GetFileNameWithoutExtension(path)["Redbark.Sync.".Length..], path))
            .OrderByDescending(program => Array.IndexOf(LongestLast, program.Name))
            .ToList();

    public async Task<TestResult> RunAsync(Dictionary<string, string> variables, IEnumerable<string> arguments)
    {
        using var reports = new TemporaryDirectory("tests");
        var report = System.IO.Path.Combine(reports.Path, "report.xml");
        var start = new ProcessStartInfo("dotnet", [Path, "-noLogo", "-noColor", "-xml", report, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Path} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Read(report) with { Name = Name, Elapsed = watch.Elapsed, ExitCode = process.ExitCode, Output = $"{await output}{await errors}" };
    }

    private static TestResult Read(string report)
    {
        // A program that died before it wrote its report counts as one failure.
        if (!File.Exists(report))
            return new TestResult { Failed = 1 };

        var assemblies = XDocument.Load(report).Descendants("assembly").ToList();
        return new TestResult
        {
            Passed = Sum("passed"),
            Failed = Sum("failed") + Sum("errors"),
            Skipped = Sum("skipped") + Sum("not-run"),
        };

        int Sum(string attribute) => assemblies.Sum(assembly => int.Parse(assembly.Attribute(attribute)?.Value ?? "0", CultureInfo.InvariantCulture));
    }
}
