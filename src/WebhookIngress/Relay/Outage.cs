namespace Redbark.Sync.Ingress.Relay;

/// <summary>Says once that publishing fails and once that it works again, however many deliveries wait.</summary>
internal sealed partial class Outage(ILogger logger)
{
    private int _failing;

    /// <summary>A delivery's first attempt failed.</summary>
    public void Begin(Exception error)
    {
        if (Interlocked.Increment(ref _failing) == 1)
            Log.Failing(logger, error);
    }

    /// <summary>A delivery that failed is through.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _failing) == 0)
            Log.Recovered(logger);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Deliveries cannot be published; they wait in the journal and are tried again")]
        public static partial void Failing(ILogger logger, Exception error);

        [LoggerMessage(LogLevel.Information, "Deliveries are published again")]
        public static partial void Recovered(ILogger logger);
    }
}
