using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Webhooks;
using Redbark.Sync.Testing;
using Redbark.Sync.Wire;

namespace Redbark.Sync.Simulator.Tests;

/// <summary>A simulated Redbark that sends to a scripted receiver, in time that stands still.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public const string Secret = "whsec_abc123";

    private Stage(ScriptedReceiver receiver, SimulatedRedbark redbark, ManualClock clock)
    {
        Receiver = receiver;
        Redbark = redbark;
        Clock = clock;
    }

    public ScriptedReceiver Receiver { get; }

    public SimulatedRedbark Redbark { get; }

    public ManualClock Clock { get; }

    public static IReadOnlyList<SigningSecret> Secrets { get; } = [SigningSecret.FromText("Secrets:0", Secret)];

    public Guid Account => Redbark.Bank.Accounts[0].Id;

    public static async Task<Stage> SetAsync(
        int rows = 3, int trades = 0, SenderOptions? sender = null, bool includePending = false, bool thin = false, DateOnly? startDate = null,
        string[]? secrets = null)
    {
        var clock = new ManualClock();
        var receiver = await ScriptedReceiver.StartAsync();
        var redbark = SimulatedRedbark.Create(
            new SimulatorOptions
            {
                Bank = new BankOptions { Seed = 7, Rows = rows, PendingRows = 2, Trades = trades },
                Destination = new Destination
                {
                    Url = receiver.Url, Secrets = secrets ?? [Secret], IncludePending = includePending, Thin = thin, StartDate = startDate,
                },
                Sender = (sender ?? new SenderOptions()) with { Delay = clock.Wait },
            },
            clock);
        return new Stage(receiver, redbark, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await Redbark.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}
