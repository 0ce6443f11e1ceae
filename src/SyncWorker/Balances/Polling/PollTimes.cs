using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.Balances.Polling;

/// <summary>
/// When to poll where the settings do not say. Installations should not all call at the full hour, but the workers of one have to agree,
/// also after a restart: so the time follows from where the ledger is.
/// </summary>
internal sealed class PollTimes(IOptions<DatabaseOptions> database)
{
    public string Hourly(string job) => $"{Of(job) % 60} * * * *";

    /// <summary>Three times a day, eight hours apart.</summary>
    public string EightHourly(string job)
    {
        var (minute, hour) = (Of(job) % 60, Of(job) / 60 % 8);
        return $"{minute} {hour},{hour + 8},{hour + 16} * * *";
    }

    public string Daily(string job) => $"{Of(job) % 60} {Of(job) / 60 % 24} * * *";

    private uint Of(string job) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{job}\0{database.Value.ConnectionString}")));
}
