using System.Text.RegularExpressions;
using Redbark.Sync.Contracts;
using Redbark.Sync.Testing;

namespace Redbark.Sync.Worker.Tests.Operation;

/// <summary>The README's list of events against the contracts.</summary>
public sealed partial class EventsDocumentTests
{
    [Fact]
    public void The_README_lists_every_event_and_no_other()
    {
        var table = Table().Match(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Groups["rows"].Value;
        var events = typeof(IWorkerEvent).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IWorkerEvent)));
        Assert.Equal(
            events.Select(type => type.Name).Order(StringComparer.Ordinal),
            Name().Matches(table).Select(name => name.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\| Event \| Says \|\n\|---\|---\|\n(?<rows>(?:\|.*\n)+)")]
    private static partial Regex Table();

    [GeneratedRegex("`(?<name>[A-Za-z]+)`")]
    private static partial Regex Name();
}
