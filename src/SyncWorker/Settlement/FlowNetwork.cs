namespace Redbark.Sync.Worker.Settlement;

/// <summary>A network for flows of least cost. It does the same for the same nodes and edges in the same order.</summary>
internal sealed class FlowNetwork
{
    private readonly List<List<int>> _edgesOf = [];
    private readonly List<(int To, Int128 Cost)> _edges = [];
    private readonly List<int> _room = [];

    public int AddNode()
    {
        _edgesOf.Add([]);
        return _edgesOf.Count - 1;
    }

    /// <returns>The edge, for <see cref="Flow"/>.</returns>
    public int AddEdge(int from, int to, int capacity, Int128 cost)
    {
        var edge = _edges.Count;
        _edges.Add((to, cost));
        _edges.Add((from, -cost));
        _room.Add(capacity);
        _room.Add(0);
        _edgesOf[from].Add(edge);
        _edgesOf[to].Add(edge + 1);
        return edge;
    }

    public int Flow(int edge) => _room[edge + 1];

    /// <summary>Sends along the cheapest path, then the next, as long as that makes it cheaper: the total cost is then the least there is.</summary>
    public void Minimise(int source, int sink)
    {
        var best = new Int128[_edgesOf.Count];
        var by = new int[_edgesOf.Count];
        while (true)
        {
            FindCheapest(source, best, by);
            if (by[sink] < 0 || best[sink] >= 0)
                return;
            var most = int.MaxValue;
            for (var node = sink; node != source; node = _edges[by[node] ^ 1].To)
                most = Math.Min(most, _room[by[node]]);
            for (var node = sink; node != source; node = _edges[by[node] ^ 1].To)
            {
                _room[by[node]] -= most;
                _room[by[node] ^ 1] += most;
            }
        }
    }

    private void FindCheapest(int source, Int128[] best, int[] by)
    {
        Array.Fill(by, -1);
        var isQueued = new bool[best.Length];
        var queue = new Queue<int>();
        best[source] = 0;
        queue.Enqueue(source);
        while (queue.TryDequeue(out var node))
        {
            isQueued[node] = false;
            foreach (var edge in _edgesOf[node])
            {
                var (to, cost) = _edges[edge];
                if (_room[edge] == 0 || to == source || (by[to] >= 0 && best[node] + cost >= best[to]))
                    continue;
                (best[to], by[to]) = (best[node] + cost, edge);
                if (isQueued[to])
                    continue;
                isQueued[to] = true;
                queue.Enqueue(to);
            }
        }
    }
}
