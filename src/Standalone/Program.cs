using System.CommandLine;
using Redbark.Sync.Standalone.Commands;

var commands = new RootCommand("Redbark.Sync: receives Redbark's bank feeds, keeps the ledger, proves it.")
{
    UpCommand.Create(),
    DemoCommand.Create(),
    ProveCommand.Create(),
    SendCommand.Create(),
    VerifyCommand.Create(),
    ReplayCommand.Create(),
    BackfillCommand.Create(),
    ExportCommand.Create(),
    SetPasswordCommand.Create(),
    DoctorCommand.Create(),
    HealthCommand.Create(),
};

// The host handles Ctrl-C by itself, and takes the time it needs to drain.
var given = commands.Parse(args);
return given.Errors.Count > 0
    ? await given.InvokeAsync() is 0 ? ExitCodes.Ok : ExitCodes.Misused
    : await given.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
