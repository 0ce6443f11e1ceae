using System.Text.Json;
using Npgsql;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Polling;
using Redbark.Sync.Worker.Balances.RedbarkRest;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Gaps.Reading;

namespace Redbark.Sync.Worker.Operations.Kinds;

/// <summary>What is read: the days of one account, or of all.</summary>
internal sealed record BackfillOrder(long? AccountId, DateOnly From, DateOnly To);

/// <summary>The window that was read last.</summary>
/// <param name="ProviderAccountId">Of this account.</param>
/// <param name="To">Up to this day.</param>
internal sealed record BackfillCursor(long ProviderAccountId, DateOnly To);

/// <summary>Reads accounts by Redbark's REST, as the healing of gaps does; a step is a window of one account.</summary>
internal sealed class BackfillWork(
    NpgsqlDataSource database, RedbarkAccess access, AccountReader reader, AccountLinks links, AccountListing listing, BalanceStore balances,
    IEnumerable<IBalanceProvider> providers, TimeProvider clock) : IOperationWork
{
    /// <summary>Days that are read by one step.</summary>
    public const int Window = 31;

    // Passes by itself, mostly; the calls within a step have been tried again already.
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private const int MostRests = 10;

    private int _rests;

    public string Kind => OperationKind.Backfill;

    public async Task<Step> StepAsync(Operation operation, Progress progress, CancellationToken cancellation)
    {
        var order = JsonSerializer.Deserialize(operation.Request, OperationJson.Default.BackfillOrder)!;
        if (access.DisabledBecause is { } disabled)
            return new Step(progress.Failed($"Redbark's REST is not read: {disabled}."), IsEnd: true);
        try
        {
            var step = await StepAsync(operation, order, progress, cancellation);
            _rests = 0;
            return step;
        }
        catch (ProviderException error) when (error.Fault is ProviderFault.RateLimited || (error.Fault is ProviderFault.Transient && ++_rests <= MostRests))
        {
            return new Step(progress with { Doing = $"waits: {error.Message}" }, NotBefore: error.NotBefore ?? clock.GetUtcNow() + Rest);
        }
    }

    private async Task<Step> StepAsync(Operation operation, BackfillOrder order, Progress progress, CancellationToken cancellation)
    {
        if (progress.Cursor is null && await balances.CountAsync(RedbarkBalanceProvider.ProviderName, cancellation) == 0)
            await listing.ListAsync(providers.Single(provider => provider.Name == RedbarkBalanceProvider.ProviderName), cancellation);
        var targets = await TargetsAsync(order, cancellation);
        if (progress.Cursor is null)
        {
            if (targets.Count == 0)
                return new Step(progress.Failed("Redbark's REST lists no account that could be read."), IsEnd: true);
            return new Step(progress with { Total = targets.Count * Windows(order), Cursor = Write(new BackfillCursor(0, order.To)) });
        }

        var cursor = JsonSerializer.Deserialize(progress.Cursor, OperationJson.Default.BackfillCursor)!;
        var isFurther = cursor.To < order.To && targets.Exists(target => target.ProviderAccountId == cursor.ProviderAccountId);
        if ((isFurther ? targets.Find(target => target.ProviderAccountId == cursor.ProviderAccountId) : targets.Find(target => target.ProviderAccountId > cursor.ProviderAccountId))
            is not { } next)
            return new Step(progress, IsEnd: true);

        var from = isFurther ? cursor.To.AddDays(1) : order.From;
        var window = new DayWindow(from, Earlier(from.AddDays(Window - 1), order.To));
        progress = await ReadAsync(operation, next, window, progress, cancellation);
        return new Step(progress with
        {
            Cursor = Write(new BackfillCursor(next.ProviderAccountId, window.To)),
            Done = progress.Done + 1,
            Doing = $"at {(next.AccountId is { } account ? $"account {account}" : next.ExternalId)}, up to {window.To:yyyy-MM-dd}",
        });
    }

    private async Task<Progress> ReadAsync(Operation operation, ReadTarget target, DayWindow window, Progress progress, CancellationToken cancellation)
    {
        AccountHealing read;
        try
        {
            read = await reader.HealAsync(new ReadOrder(FormattableString.Invariant($"operation {operation.Id}"), window), target, cancellation);
        }
        catch (ProviderException error) when (error.Fault is not (ProviderFault.RateLimited or ProviderFault.Transient or ProviderFault.CredentialInvalid))
        {
            // One account's trouble is not the others'.
            return progress.Failed($"Account {target.ExternalId}, {window.From:yyyy-MM-dd} to {window.To:yyyy-MM-dd}: {error.Message}");
        }

        if (target.AccountId is null && read.Applied > 0)
            await links.ResolveAsync(AccountStore.Provider, cancellation);
        progress = progress.Counted("rows read", read.Rows).Counted("rows applied", read.Applied).Counted("deliveries made", read.Deliveries.Count)
            .Counted("rows that cannot be used", read.Unusable.Values.Sum());
        return read.TruncatedDays is [var day, ..]
            ? progress.Failed($"Account {target.ExternalId}: {day:yyyy-MM-dd} holds more rows than REST can reach.")
            : progress;
    }

    private async Task<List<ReadTarget>> TargetsAsync(BackfillOrder order, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await ReadTargets.OfAsync(connection, new ReadScope(order.AccountId, Type: null, Feed: null, WithoutTrades: order.AccountId is not null), cancellation);
    }

    private static long Windows(BackfillOrder order) => (new DayWindow(order.From, order.To).Days + Window - 1) / Window;

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other ? one : other;

    private static string Write(BackfillCursor cursor) => JsonSerializer.Serialize(cursor, OperationJson.Default.BackfillCursor);
}
