namespace Redbark.Sync.Worker.Settlement;

/// <summary>
/// Which pending row goes with which posted one, among rows of one amount and currency: as many pairs of the strongest evidence as there
/// can be, then of the next, then the fewest days between them. Solved as a flow of least cost. What says the same on the same day is one
/// node, and evidence stands between the two sides as a node a day, so that thousands of like rows cost no more than a few.
/// </summary>
internal sealed class Assignment
{
    private readonly List<Candidate> _pending;
    private readonly List<Candidate> _posted;
    private readonly IReadOnlySet<RowPair> _rejected;
    private readonly SettlementOptions _options;
    private readonly FlowNetwork _network = new();
    private readonly Int128[] _worth = new Int128[(int)SettlementTier.Payee + 1];
    private readonly HashSet<string> _rejecting;
    private readonly HashSet<string> _rejectable;

    /// <param name="pending">In the order of <see cref="SettlementRow.ByContent"/>, as are <paramref name="posted"/>.</param>
    /// <param name="posted">Rows that may settle them.</param>
    /// <param name="rejected">Pairs that must not be.</param>
    /// <param name="options">The window.</param>
    private Assignment(List<Candidate> pending, List<Candidate> posted, IReadOnlySet<RowPair> rejected, SettlementOptions options)
    {
        (_pending, _posted, _rejected, _options) = (pending, posted, rejected, options);
        _rejecting = [.. rejected.Select(pair => pair.Pending)];
        _rejectable = [.. rejected.Select(pair => pair.Posted)];

        // One more pair of a tier outweighs all that the tiers below can bring; days only break ties.
        Int128 most = Math.Min(pending.Count, posted.Count);
        var worth = most * Math.Max(options.DaysBefore, options.DaysAfter) + 1;
        for (var tier = SettlementTier.Payee; tier > SettlementTier.Accepted; tier--, worth *= most + 1)
            _worth[(int)tier] = worth;
    }

    public static List<(Candidate Pending, Candidate Posted)> Of(
        List<Candidate> pending, List<Candidate> posted, IReadOnlySet<RowPair> rejected, SettlementOptions options)
    {
        var pairs = Certain(pending, posted, rejected, options);
        var taken = pairs.SelectMany(pair => new[] { pair.Pending, pair.Posted }).ToHashSet();
        pending = [.. pending.Where(row => !taken.Contains(row))];
        posted = [.. posted.Where(row => !taken.Contains(row))];
        if (pending.Count > 0 && posted.Count > 0)
            pairs.AddRange(new Assignment(pending, posted, rejected, options).Solve());
        return pairs;
    }

    /// <summary>Two rows of which each is the only one that has the other's instant belong together in every best solution: they need no search.</summary>
    private static List<(Candidate Pending, Candidate Posted)> Certain(
        List<Candidate> pending, List<Candidate> posted, IReadOnlySet<RowPair> rejected, SettlementOptions options)
    {
        var others = posted.Where(HasInstant).ToLookup(row => row.Says[0]);
        return
        [
            .. from rows in pending.Where(HasInstant).GroupBy(row => row.Says[0])
               where rows.Count() == 1 && others[rows.Key].Count() == 1
               let pair = (Pending: rows.Single(), Posted: others[rows.Key].Single())
               where options.IsInWindow(pair.Posted.Day - pair.Pending.Day)
                   && !rejected.Contains(new RowPair(pair.Pending.Row.ExternalId, pair.Posted.Row.ExternalId))
               select pair,
        ];

        static bool HasInstant(Candidate row) => row.Says.Count > 0 && row.Says[0].Tier == SettlementTier.Instant;
    }

    private List<(Candidate Pending, Candidate Posted)> Solve()
    {
        var source = _network.AddNode();
        var sink = _network.AddNode();
        var hubs = Hubs(out var toPosted);
        var left = Classes(_pending, _rejecting, hubs.Keys);
        var right = Classes(_posted, _rejectable, toPosted.Keys);

        foreach (var node in left)
        {
            _network.AddEdge(source, node.Number, node.Rows.Count, 0);
            if (_rejecting.Contains(node.Rows[0].Row.ExternalId))
                Join(node, right);
            else
                node.Edges.AddRange(node.Keys.Select(key => (_network.AddEdge(node.Number, hubs[key].Number, node.Rows.Count, 0), hubs[key])));
        }

        foreach (var node in right)
        {
            _network.AddEdge(node.Number, sink, node.Rows.Count, 0);
            foreach (var key in node.Keys)
                toPosted[key].Edges.Add((_network.AddEdge(toPosted[key].Number, node.Number, node.Rows.Count, 0), node));
        }

        _network.Minimise(source, sink);
        return Pairs(left, [.. hubs.Values], [.. toPosted.Values], right);
    }

    /// <summary>What is said on both sides within the window: a node for each day on the side of the pending, one on the side of the posted, and the days between them.</summary>
    private Dictionary<Key, Node> Hubs(out Dictionary<Key, Node> toPosted)
    {
        var posted = _posted.SelectMany(Keys).ToHashSet();
        var hubs = new Dictionary<Key, Node>();
        toPosted = [];
        foreach (var key in _pending.SelectMany(Keys).Distinct())
        {
            for (var days = -_options.DaysBefore; days <= _options.DaysAfter; days++)
            {
                var other = key with { Day = key.Day + days };
                if (!posted.Contains(other))
                    continue;
                if (!hubs.TryGetValue(key, out var from))
                    hubs.Add(key, from = new Node(_network.AddNode(), []));
                if (!toPosted.TryGetValue(other, out var to))
                    toPosted.Add(other, to = new Node(_network.AddNode(), []));
                from.Edges.Add((_network.AddEdge(from.Number, to.Number, int.MaxValue, Math.Abs(days) - _worth[(int)key.Evidence.Tier]), to));
            }
        }

        return hubs;
    }

    /// <summary>Rows that nothing here tells apart. One that was rejected for another stands alone.</summary>
    private List<Node> Classes(List<Candidate> rows, HashSet<string> alone, ICollection<Key> hubs)
    {
        var classes = new List<Node>();
        var known = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var keys = Keys(row).Where(hubs.Contains).ToList();
            if (keys.Count == 0)
                continue;
            var name = string.Join('\0', [
                .. keys.Select(key => $"{key.Day} {(int)key.Evidence.Tier} {key.Evidence.Text}"),
                .. alone.Contains(row.Row.ExternalId) ? [row.Row.ExternalId] : Array.Empty<string>()]);
            if (!known.TryGetValue(name, out var node))
            {
                classes.Add(node = new Node(_network.AddNode(), keys));
                known.Add(name, node);
            }

            node.Rows.Add(row);
        }

        return classes;
    }

    /// <summary>Of a row that must not go with everything the evidence offers: an edge for each that it may go with.</summary>
    private void Join(Node pending, List<Node> posted)
    {
        var row = pending.Rows[0];
        foreach (var node in posted)
        {
            var other = node.Rows[0];
            var days = other.Day - row.Day;
            if (_options.IsInWindow(days) && row.Shared(other) is { } shared && !_rejected.Contains(new RowPair(row.Row.ExternalId, other.Row.ExternalId)))
                pending.Edges.Add((_network.AddEdge(pending.Number, node.Number, 1, Math.Abs(days) - _worth[(int)shared.Tier]), node));
        }
    }

    /// <summary>Rows follow the flow from side to side; of those that are alike, the first by content goes with the first.</summary>
    private List<(Candidate Pending, Candidate Posted)> Pairs(List<Node> left, List<Node> hubs, List<Node> toPosted, List<Node> right)
    {
        var place = new Dictionary<Candidate, int>();
        for (var i = 0; i < _pending.Count; i++)
            place.Add(_pending[i], i);

        var arrived = new Dictionary<Node, List<Candidate>>();
        foreach (var node in left.Concat(hubs).Concat(toPosted))
        {
            var rows = arrived.GetValueOrDefault(node) ?? (node.Keys.Count > 0 ? node.Rows : []);
            rows.Sort((one, other) => place[one].CompareTo(place[other]));
            var next = 0;
            foreach (var (edge, to) in node.Edges)
            {
                var flow = _network.Flow(edge);
                if (!arrived.TryGetValue(to, out var there))
                    arrived.Add(to, there = []);
                there.AddRange(rows.GetRange(next, flow));
                next += flow;
            }
        }

        var pairs = new List<(Candidate, Candidate)>();
        foreach (var node in right)
        {
            if (!arrived.TryGetValue(node, out var rows))
                continue;
            rows.Sort((one, other) => place[one].CompareTo(place[other]));
            pairs.AddRange(rows.Zip(node.Rows));
        }

        return pairs;
    }

    private static IEnumerable<Key> Keys(Candidate row) => row.Says.Select(evidence => new Key(evidence, row.Day));

    /// <summary>Something said on a day.</summary>
    private readonly record struct Key(Evidence Evidence, int Day);

    private sealed class Node(int number, List<Key> keys)
    {
        public int Number => number;

        /// <summary>What rows of it say; empty between the sides.</summary>
        public List<Key> Keys => keys;

        public List<Candidate> Rows { get; } = [];

        public List<(int Edge, Node To)> Edges { get; } = [];
    }
}
