using Redbark.Sync.Worker.Tests.Support;

[assembly: AssemblyFixture(typeof(LedgerTemplate))]

namespace Redbark.Sync.Worker.Tests.Support;

/// <summary>Takes the template database along when the tests end: the server may be somebody's own.</summary>
public sealed class LedgerTemplate : IAsyncDisposable
{
    public ValueTask DisposeAsync() => LedgerDatabase.DropTemplateAsync();
}
