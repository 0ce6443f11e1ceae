using Npgsql;
using Redbark.Sync.Wire.Http;
using Redbark.Sync.Wire.Rest;
using Redbark.Sync.Worker.Accounts;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Gaps.Sources;
using Redbark.Sync.Worker.Gaps.Reading;
using Redbark.Sync.Worker.Gaps.Schema;
using Redbark.Sync.Worker.Gaps.Store;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Gaps;

/// <summary>Heals one gap: reads its window of each account, applies what is missing, proves the accounts again, and says how it stands.</summary>
internal sealed partial class GapHealer(
    NpgsqlDataSource database, GapStore gaps, DriftGaps drifts, AccountReader reader, AccountLinks links, IEnumerable<IAccountKeeper> keepers, TimeProvider clock, ILogger<GapHealer> logger)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(6);
    private static readonly TimeSpan PersonsWait = TimeSpan.FromDays(1);

    /// <returns>What came of it; null when it is not due, or another worker has it.</returns>
    public async Task<HealedGap?> HealAsync(long id, CancellationToken cancellation)
    {
        await using var mine = await JobLock.TryTakeAsync(database, FormattableString.Invariant($"gap {id}"), cancellation);
        if (mine is null || await gaps.FindAsync(id, cancellation) is not { ClosedAt: null } gap || gap.NotBefore > clock.GetUtcNow())
            return null;

        await gaps.StartAsync(gap, cancellation);
        try
        {
            return await HealAsync(gap, cancellation);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && !TransientFaults.IsTransient(error))
        {
            // One gap's trouble is not the others': it is tried again.
            Log.Failed(logger, error, gap.Id);
            return await LaterAsync(gap, GapState.Open, clock.GetUtcNow() + WaitOf(gap), error.Message, null, cancellation);
        }
    }

    private async Task<HealedGap> HealAsync(Gap gap, CancellationToken cancellation)
    {
        // Two sources may have shown one drift, and the other gap healed it.
        if (gap.Kind == GapKind.Drift && !await drifts.StandsAsync(gap, cancellation))
            return await CloseAsync(gap, GapState.Healed, 0, DriftGaps.Agreed, cancellation);

        List<ReadTarget> targets;
        await using (var connection = await database.OpenConnectionAsync(cancellation))
            targets = await ReadTargets.OfAsync(connection, ReadScope.Of(gap), cancellation);
        if (targets.Count == 0)
            return await LaterAsync(gap, GapState.Open, clock.GetUtcNow() + WaitOf(gap), "Redbark's REST lists no account that it could be read from", null, cancellation);

        var proved = (await gaps.ReadsAsync(gap.Id, cancellation)).Where(read => Proves(gap, read)).Select(read => read.ProviderAccountId).ToHashSet();
        var errors = new List<ProviderException>();
        foreach (var target in targets.Where(target => !proved.Contains(target.ProviderAccountId)))
        {
            try
            {
                await gaps.SaveAsync(gap, await reader.HealAsync(ReadOrder.Of(gap), target, cancellation), cancellation);
            }
            catch (ProviderException error)
            {
                Log.NotRead(logger, gap.Id, target.ExternalId, error.Fault, error.Message);
                errors.Add(error);
                if (error.Fault is ProviderFault.RateLimited or ProviderFault.CredentialInvalid)
                    break;
            }
        }

        await ProveAsync(gap, targets, cancellation);
        return await ConcludeAsync(gap, targets, errors, cancellation);
    }

    /// <summary>Settles and proves every account that rows entered, as after a delivery.</summary>
    private async Task ProveAsync(Gap gap, IReadOnlyList<ReadTarget> targets, CancellationToken cancellation)
    {
        var entered = (await gaps.ReadsAsync(gap.Id, cancellation)).Where(read => read.Applied > 0).Select(read => read.ProviderAccountId).ToHashSet();
        if (entered.Count == 0)
            return;
        if (targets.Any(target => target.AccountId is null && entered.Contains(target.ProviderAccountId)))
            await links.ResolveAsync(AccountStore.Provider, cancellation);

        await using var connection = await database.OpenConnectionAsync(cancellation);
        foreach (var target in (await ReadTargets.OfAsync(connection, ReadScope.Of(gap), cancellation)).Where(target => entered.Contains(target.ProviderAccountId) && target.AccountId is not null))
        {
            foreach (var keeper in keepers)
                await keeper.KeepAsync(target.AccountId!.Value, cancellation);
        }
    }

    private async Task<HealedGap> ConcludeAsync(Gap gap, IReadOnlyList<ReadTarget> targets, List<ProviderException> errors, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var reads = await gaps.ReadsAsync(gap.Id, cancellation);
        var last = reads.GroupBy(read => read.ProviderAccountId).Select(group => group.Last()).ToList();
        var note = NoteOf(last);
        if (errors.Count > 0)
        {
            var person = errors.FirstOrDefault(error => IsForAPerson(error.Fault));
            var wait = person is not null ? PersonsWait : WaitOf(gap);
            var notBefore = errors.Select(error => error.NotBefore).Append(errors.All(error => error.NotBefore is not null) ? null : now + wait).Max() ?? now + wait;
            return await LaterAsync(gap, person is null ? GapState.Open : GapState.Failed, notBefore, (person ?? errors[0]).Message, note, cancellation);
        }

        if (last.Find(read => read.TruncatedDays.Length > 0) is { } truncated)
        {
            return await LaterAsync(gap, GapState.Failed, now + PersonsWait,
                $"{truncated.TruncatedDays[0]:yyyy-MM-dd} holds more rows than REST can reach: some may still be missing", note, cancellation);
        }

        // Spec 5.1: what was read may have been a cached answer from before. Only one from after says that nothing else is missing.
        if (targets.Any(target => !last.Exists(read => read.ProviderAccountId == target.ProviderAccountId && Proves(gap, read))))
        {
            var fresh = gap.AsOf + RedbarkClient.TransactionsAge;
            return await LaterAsync(gap, GapState.Open, fresh > now ? fresh : now + ShortestWait, null,
                $"what was read may be older than the gap; it is read again when the provider's cache has expired{(note is null ? "" : $"; {note}")}", cancellation);
        }

        if (gap.Kind == GapKind.Drift && await drifts.StandsAsync(gap, cancellation))
        {
            const string Remains = "all that REST has is in the ledger, and the account still drifts";
            return await LaterAsync(gap, GapState.Failed, now + PersonsWait, Remains, note, cancellation, asOf: now + PersonsWait - RedbarkClient.TransactionsAge);
        }

        var rows = (await gaps.FindAsync(gap.Id, cancellation))!.RowsApplied;
        return rows > 0 || gap.Kind == GapKind.Drift
            ? await CloseAsync(gap, GapState.Healed, reads.Where(read => read.Applied > 0).Select(read => read.ProviderAccountId).Distinct().Count(), note, cancellation)
            : await CloseAsync(gap, GapState.Empty, 0, note ?? "REST has nothing that the ledger lacks", cancellation);
    }

    private async Task<HealedGap> CloseAsync(Gap gap, string state, int accounts, string? note, CancellationToken cancellation)
    {
        await gaps.CloseAsync(gap, state, note, cancellation);
        var rows = (await gaps.FindAsync(gap.Id, cancellation))!.RowsApplied;
        Log.Closed(logger, gap.Id, gap.Kind, state, rows);
        return new HealedGap(gap, state, rows, accounts, null);
    }

    private async Task<HealedGap> LaterAsync(
        Gap gap, string state, DateTimeOffset notBefore, string? error, string? note, CancellationToken cancellation, DateTimeOffset? asOf = null)
    {
        await gaps.PostponeAsync(gap, state, notBefore, error, note, asOf, cancellation);
        return new HealedGap(gap, state, 0, 0, error);
    }

    private static bool Proves(Gap gap, GapRead read) =>
        read.NotOlderThan >= gap.AsOf && read.FromDay <= gap.FromDay && read.ToDay >= gap.ToDay && read.TruncatedDays.Length == 0;

    private static bool IsForAPerson(ProviderFault fault) => fault is ProviderFault.CredentialInvalid or ProviderFault.PermissionMissing or ProviderFault.ReauthRequired
        or ProviderFault.AccountGone or ProviderFault.Unsupported or ProviderFault.BadRequest;

    private static TimeSpan WaitOf(Gap gap)
    {
        var wait = ShortestWait * Math.Pow(2, Math.Min(gap.Attempts, 10));
        return wait < LongestWait ? wait : LongestWait;
    }

    private static string? NoteOf(IEnumerable<GapRead> reads)
    {
        var unusable = reads.SelectMany(read => System.Text.Json.JsonSerializer.Deserialize(read.Unusable, Ledger.LedgerJson.Default.DictionaryStringInt32)!)
            .GroupBy(reason => reason.Key).Select(group => $"{group.Sum(reason => reason.Value)} {group.Key}").Order(StringComparer.Ordinal).ToList();
        return unusable.Count == 0 ? null : $"rows that could not be used: {string.Join(", ", unusable)}";
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Gap {Gap} could not be healed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error, long gap);

        [LoggerMessage(LogLevel.Warning, "Gap {Gap}: account {Account} could not be read ({Fault}): {Problem}")]
        public static partial void NotRead(ILogger logger, long gap, string account, ProviderFault fault, string problem);

        [LoggerMessage(LogLevel.Information, "Gap {Gap} ({Kind}) is {State}: {Rows} rows entered the ledger")]
        public static partial void Closed(ILogger logger, long gap, string kind, string state, int rows);
    }
}

/// <summary>What came of one gap.</summary>
/// <param name="Gap">As it was before.</param>
/// <param name="State">As it is now.</param>
/// <param name="Rows">Rows that entered the ledger or changed it.</param>
/// <param name="Accounts">Accounts that they are of.</param>
/// <param name="Error">Why it waits.</param>
internal sealed record HealedGap(Gap Gap, string State, int Rows, int Accounts, string? Error);
