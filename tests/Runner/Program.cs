using Redbark.Sync.Testing;
using Redbark.Sync.Tests.Runner;

// usage: Runner <configuration> [arguments for every test program, such as -method "*torn*"]
// Starts one PostgreSQL and one RabbitMQ for the whole suite, runs every test program against them, and ends with
// "N passed, N failed, N skipped".
var configuration = args.FirstOrDefault() ?? "Release";
var programs = TestProgram.Find(Repository.Root, configuration);
if (programs.Count == 0)
{
    Console.Error.WriteLine($"No test program was built for {configuration}.");
    return 2;
}

TemporaryDirectory.RemoveAbandoned();
await using var servers = await SharedServers.StartAsync();
var gate = new SemaphoreSlim(Environment.ProcessorCount);
var results = await Task.WhenAll(programs.Select(async program =>
{
    await gate.WaitAsync();
    try
    {
        var result = await program.RunAsync(servers.Variables, args.Skip(1));
        Console.WriteLine(result);
        return result;
    }
    finally
    {
        gate.Release();
    }
}));

foreach (var failed in results.Where(result => !result.Succeeded))
    Console.WriteLine($"\n──── {failed.Name}\n{failed.Output}");

var total = results.Aggregate((left, right) => left + right);
Console.WriteLine($"{total.Passed} passed, {total.Failed} failed, {total.Skipped} skipped");
if (total.Passed + total.Failed == 0)
    Console.Error.WriteLine("No test was run.");
return results.All(result => result.Succeeded) && total.Passed > 0 ? 0 : 1;
