using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Redbark.Sync.Bench.Load;
using Redbark.Sync.Bench.Reporting;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker;
using Redbark.Sync.Worker.Database;
using Redbark.Sync.Worker.Ledger;

namespace Redbark.Sync.Bench.Ledger;

/// <summary>Rows a second into the ledger, beside COPY of the same rows into a table with the same columns and indexes.</summary>
internal sealed class LedgerBenchmark(string connectionString)
{
    public const int RowsADelivery = 500;
    private const double Target = 0.6;
    private const int Rounds = 4;
    private const int Deliveries = 100;
    private const int Writers = 4;
    private const int FewRows = 5;
    private const int SmallDeliveries = 2000;

    /// <returns>What COPY does on this machine, rows a second.</returns>
    public async Task<double> RunAsync(Report report)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Ledger"] = connectionString });
        builder.AddWorker();
        await using var app = builder.Build();
        await app.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        app.Services.GetRequiredService<DatabaseReadiness>().Open();
        var ledger = app.Services.GetRequiredService<ILedger>();

        await ApplyAsync(ledger, Messages(seed: 1, 150)); // Until the code is compiled at its last tier and the statements are prepared.
        var (apply, bare, again, copy) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        await using var database = NpgsqlDataSource.Create(connectionString);
        for (var round = 0; round < Rounds; round++)
        {
            // By turns, so that a noisy moment of the machine meets both.
            var messages = Messages(seed: 2 + round, Deliveries);
            if (round % 2 == 1)
                bare += await ApplyBareAsync(round);
            apply += await ApplyAsync(ledger, messages);
            if (round % 2 == 0)
                bare += await ApplyBareAsync(round);
            copy += await CopyBaseline.MeasureAsync(database, Deliveries * RowsADelivery);
            again += await ApplyAsync(ledger, [.. messages.Select(AsNewDelivery)]);
        }

        const double rows = Rounds * Deliveries * RowsADelivery;
        report.Ratio($"ledger, {RowsADelivery} rows a delivery, {Writers} writers", rows / apply.TotalSeconds, "COPY", rows / copy.TotalSeconds, "rows/s", Target);
        report.Ratio("ledger, the same rows under new event ids", rows / again.TotalSeconds, "COPY", rows / copy.TotalSeconds, "rows/s", null);
        report.Ratio("ledger, the sums of the accounts kept", rows / apply.TotalSeconds, "not kept", rows / bare.TotalSeconds, "rows/s", null);
        var small = await ApplyAsync(ledger, Messages(seed: 50, SmallDeliveries, FewRows), FewRows);
        report.Figure($"ledger, {FewRows} rows a delivery, {Writers} writers", $"{SmallDeliveries / small.TotalSeconds,10:N0} deliveries/s");
        return rows / copy.TotalSeconds;

        // What keeping the sums costs: other rows, without it.
        async Task<TimeSpan> ApplyBareAsync(int round)
        {
            await TotalsAsync(database, "DISABLE");
            var taken = await ApplyAsync(ledger, Messages(seed: 100 + round, Deliveries));
            await TotalsAsync(database, "ENABLE");
            return taken;
        }
    }

    private static async Task TotalsAsync(NpgsqlDataSource database, string what)
    {
        await using var command = database.CreateCommand(
            string.Concat(((string[])["inserted", "updated", "deleted"]).Select(trigger => $"ALTER TABLE ledger.transactions {what} TRIGGER total_{trigger};")));
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<TimeSpan> ApplyAsync(ILedger ledger, IReadOnlyList<IDelivered> messages, int rows = RowsADelivery)
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (message, cancellation) =>
        {
            var outcome = await ledger.ApplyAsync(message, cancellation);
            if (outcome.Rows != rows)
                throw new InvalidOperationException($"A delivery came to {outcome}.");
        });
        return watch.Elapsed;
    }

    private static List<IDelivered> Messages(int seed, int count, int rows = RowsADelivery)
    {
        var bodies = new Bodies(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Read(bodies.Next(rows)))];
    }

    private static IDelivered Read(byte[] body)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return DeliveryReader.Read(
            new Delivery
            {
                Id = Guid.CreateVersion7(now),
                Feed = "redbark",
                TimeZone = "Australia/Sydney",
                ReceivedAt = now,
                SignedAt = now,
                Headers = new Dictionary<string, string>(),
                SecretName = "Secrets:0",
                Body = BodyStore.Pack(body),
            },
            body);
    }

    /// <summary>As Redbark sends rows again whose 200 was lost: other event id, later time, same rows.</summary>
    private static IDelivered AsNewDelivery(IDelivered message)
    {
        var first = (TransactionsDelivered)message;
        var envelope = first.Delivery.Envelope! with { EventId = Guid.NewGuid().ToString(), ObservedAt = first.Delivery.Envelope!.ObservedAt.AddHours(1) };
        return first with { Delivery = first.Delivery with { Id = Guid.CreateVersion7(first.Delivery.ReceivedAt), Envelope = envelope } };
    }
}
