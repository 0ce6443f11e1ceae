namespace Redbark.Sync.Bench.Reporting;

/// <summary>Prints each figure when it is there, beside its baseline of the same run.</summary>
internal sealed class Report
{
    private readonly List<string> _missed = [];

    public void Section(string title) => Console.WriteLine($"\n{title}");

    public void Ratio(string name, double value, string baselineName, double baseline, string unit, double? target)
    {
        var ratio = value / baseline;
        var verdict = target is null ? "" : ratio >= target ? $"   target {target:0.0#}: met" : $"   target {target:0.0#}: MISSED";
        Console.WriteLine($"  {name,-44} {value,10:N0} {unit}   {ratio:0.00} of {baselineName} ({baseline:N0}){verdict}");
        if (ratio < target)
            _missed.Add($"{name}: {ratio:0.00} instead of {target:0.0#}");
    }

    /// <summary>A figure that is to stay below a bound.</summary>
    public void Most(string name, double value, double target, string unit)
    {
        Console.WriteLine($"  {name,-44} {value,10:N1} {unit}{(value > target ? $"   target {target:0}: MISSED" : "")}");
        if (value > target)
            _missed.Add($"{name}: {value:N0} {unit} instead of {target:0}");
    }

    public void Figure(string name, string value) => Console.WriteLine($"  {name,-44} {value}");

    public void Close()
    {
        Console.WriteLine(_missed.Count == 0 ? "\nEvery target is met." : $"\nMissed: {string.Join("; ", _missed)}");
    }
}
