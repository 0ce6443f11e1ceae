using Redbark.Sync.Worker.Console.Components;

namespace Redbark.Sync.Worker.Console.Overview;

/// <summary>Something that a person should know, and what to do about it.</summary>
/// <param name="Kind">bad, warn or info.</param>
/// <param name="Title">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Path">The page that shows more; null where there is none.</param>
internal sealed record Concern(string Kind, string Title, string Remedy, string? Path = null);

/// <summary>What is wrong, the worst first.</summary>
internal static class Concerns
{
    /// <summary>How many of one kind are named.</summary>
    public const int Listed = 20;

    public static List<Concern> Of(OverviewModel model, DateTimeOffset now)
    {
        var waiting = model.Waiting;
        List<Concern> concerns =
        [
            .. model.Feeds.Where(feed => feed.SilentSince is not null).Select(feed => new Concern("bad",
                $"Feed {feed.Feed} is silent: nothing came for {(feed.LastAt is { } last ? Figures.Of(now - last) : "long")}{(feed.UsualPause is { } usual ? $", usually {Figures.Of(usual)} at most" : "")}",
                "See in Redbark's dashboard whether the destination is enabled and its address still leads here; 'redbark-sync send' tests the way. What was missed is read by REST where an API key is set.",
                "/gaps")),
            .. Each(waiting.Connections, "connections that cannot be read", connection => new Concern("bad",
                $"{connection.Institution ?? connection.ConnectionId} ({connection.Provider}) cannot be read for {Figures.Of(now - connection.Since)}: {connection.Error ?? connection.Status}",
                "Renew the consent or the credentials at the provider. Until then its balances prove nothing.")),
            .. Some(waiting.Parked, "bad", "delivery is parked: it could not be applied", "deliveries are parked: they could not be applied",
                "Read the error, then replay. Nothing of it is in the ledger until then.", "/deliveries?status=parked"),
            .. model.Unproved.Where(proof => proof.Status == "drift").GroupBy(proof => proof.AccountId).Select(account => new Concern("bad",
                $"{account.First().Name ?? $"Account {account.Key}"}: ledger and bank differ{(account.First().Since is { } since ? $" since {since:yyyy-MM-dd}" : "")}",
                Causes.Remedy(account.First().Cause), $"/accounts/{account.Key}")),
            .. Each(waiting.FailedGaps, "gaps that could not be healed", gap => new Concern("warn",
                $"Rows of {gap.From:yyyy-MM-dd} to {gap.To:yyyy-MM-dd} may be missing, and reading them failed: {gap.Error}",
                "It is tried again once a day. Mend the cause, then retry.", $"/gaps/{gap.Id}")),
            .. Some(waiting.Unreadable, "warn", "delivery of the last 24 hours could not be read", "deliveries of the last 24 hours could not be read",
                "They were signed and are kept. Look at one; a newer version may read them, by replay.", "/deliveries?status=unreadable"),
            .. Some(waiting.Quarantined, "warn", "row is in quarantine", "rows are in quarantine",
                "Each says why it could not be used. Correct it, retry it, or drop it.", "/quarantine"),
            .. Each(waiting.Consents, "consents that end soon", consent => new Concern("warn",
                $"The consent of {consent.Institution ?? consent.ConnectionId} ({consent.Provider}) {Ends(consent.EndsAt, now)}",
                "Its user has to consent again before it does. After it nothing can be read.")),
            .. Each(waiting.Operations, "operations that failed", operation => new Concern("warn", $"Operation {operation.Id}, a {operation.Kind}, failed {Figures.Of(now - operation.At)} ago: {operation.Error}",
                "What it did stays done. Mend the cause, then start the same again: it finds what is left.", $"/operations/{operation.Id}")),
            .. waiting.Jobs.Select(job => new Concern("warn", $"Job {job.Id} failed {Figures.Of(now - job.At)} ago: {job.Error ?? "its worker ended without a word"}",
                "It runs again at its time. Mend the cause, then run it now.", "/jobs")),
            .. Some(waiting.Suggestions, "info", "pair of rows may be one payment", "pairs of rows may each be one payment",
                "Look at both rows, then accept or reject.", "/suggestions"),
        ];
        if (model.Feeds.Count == 0)
        {
            concerns.Add(new Concern("info", "Nothing has come yet",
                "Add a webhook destination in Redbark's dashboard whose address ends in /webhooks/ and the feed's name. 'redbark-sync send body.json' tests it from here."));
        }

        return concerns;
    }

    private static IEnumerable<Concern> Each<T>(IReadOnlyList<T> all, string what, Func<T, Concern> concern)
    {
        var named = all.Take(Listed).Select(concern).ToList();
        return all.Count > Listed ? named.Append(new Concern(named[0].Kind, $"There are more {what}", $"Only {Listed} are named here. Mend these, and the next appear.")) : named;
    }

    private static string Ends(DateTimeOffset? at, DateTimeOffset now) => at switch
    {
        null => "ends soon",
        { } past when past <= now => $"was to end on {past:yyyy-MM-dd}",
        { } future => $"ends in {Figures.Of(future - now)}, on {future:yyyy-MM-dd}",
    };

    private static IEnumerable<Concern> Some(long count, string kind, string one, string many, string remedy, string path) =>
        count == 0 ? [] : [new Concern(kind, $"{Figures.Of(count)} {(count == 1 ? one : many)}", remedy, path)];
}
