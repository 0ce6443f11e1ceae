namespace Redbark.Sync.Bench.Reporting;

/// <summary>Quantiles of measured times.</summary>
internal sealed class Latencies(IEnumerable<double> milliseconds)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public double Quantile(double q) => _sorted.Length == 0 ? double.NaN : _sorted[Math.Min(_sorted.Length - 1, (int)(q * _sorted.Length))];

    public override string ToString() => $"p50 {Quantile(0.5):0.0} ms, p99 {Quantile(0.99):0.0} ms, most {Quantile(1):0.0} ms ({_sorted.Length:N0} deliveries)";
}
