namespace Redbark.Sync.Worker.Ledger;

/// <summary>
/// Which of two observations of one row wins (invariant I3): the newer one; of one time, posted over pending; then the greater content
/// hash. It is a total order over what differs, so any order of arrival ends with the same winner. The upserts state it as
/// <c>(observed_at, status = 'posted', content_hash)</c>; <see cref="Guid"/> compares as PostgreSQL's <c>uuid</c> does.
/// </summary>
/// <param name="ObservedAt">The envelope's <c>created</c>.</param>
/// <param name="Posted">Always false for a trade.</param>
/// <param name="ContentHash">See <see cref="Ledger.ContentHash"/>.</param>
internal readonly record struct Precedence(DateTimeOffset ObservedAt, bool Posted, Guid ContentHash) : IComparable<Precedence>
{
    public int CompareTo(Precedence other)
    {
        var byTime = ObservedAt.CompareTo(other.ObservedAt);
        if (byTime != 0)
            return byTime;
        var byStatus = Posted.CompareTo(other.Posted);
        return byStatus != 0 ? byStatus : ContentHash.CompareTo(other.ContentHash);
    }

    public static bool operator >(Precedence left, Precedence right) => left.CompareTo(right) > 0;

    public static bool operator <(Precedence left, Precedence right) => left.CompareTo(right) < 0;

    public static bool operator >=(Precedence left, Precedence right) => left.CompareTo(right) >= 0;

    public static bool operator <=(Precedence left, Precedence right) => left.CompareTo(right) <= 0;
}
