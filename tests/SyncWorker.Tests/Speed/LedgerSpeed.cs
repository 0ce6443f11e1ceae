using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Redbark.Sync.Contracts;
using Redbark.Sync.Wire;
using Redbark.Sync.Worker.Tests.Support;

namespace Redbark.Sync.Worker.Tests.Speed;

/// <summary>The ledger beside COPY of the same rows, in one run. Run it by name: it measures the machine, so it is no test of the suite.</summary>
public sealed class LedgerSpeed(LedgerFixture fixture, ITestOutputHelper output) : IClassFixture<LedgerFixture>
{
    private const int RowsADelivery = 500;
    private const int Deliveries = 200;
    private const int Accounts = 8;

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Rows_a_second_beside_COPY(int appliers)
    {
        await ApplyAsync(MakeDeliveries(60), appliers);
        await CopyAsync(MakeDeliveries(60));
        var ratios = new List<double>();
        for (var round = 0; round < 6; round++)
        {
            var copy = await CopyAsync(MakeDeliveries(Deliveries));
            var deliveries = MakeDeliveries(Deliveries);
            var before = Environment.CpuUsage.TotalTime;
            var ledger = await ApplyAsync(deliveries, appliers);
            var own = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / (Deliveries * RowsADelivery);
            ratios.Add(ledger / copy);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{appliers} at once: COPY {copy:n0} rows/s, ledger {ledger:n0} rows/s ({own:n1} µs of this process a row), ratio {ledger / copy:n2}"));
        }

        // One applier alternates with the server; from two on both cores have something to do.
        if (appliers > 1)
            Assert.True(ratios.Order().ElementAt(3) >= 0.6, $"median ratio {ratios.Order().ElementAt(3):n2}");
    }

    private async Task<double> ApplyAsync(List<IDelivered> deliveries, int appliers)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = appliers }, async (message, cancellation) =>
            await fixture.Worker.Ledger.ApplyAsync(message, cancellation));
        return deliveries.Count * RowsADelivery / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<double> CopyAsync(List<IDelivered> deliveries)
    {
        var worker = fixture.Worker;
        await worker.ExecuteAsync("CREATE TABLE IF NOT EXISTS copied (LIKE ledger.transactions INCLUDING ALL)");
        await using var connection = await worker.Database.OpenConnectionAsync();
        var started = Stopwatch.GetTimestamp();
        await using (var copy = await connection.BeginBinaryImportAsync("""
            COPY copied (account_id, external_id, status, amount, currency, currency_assumed, booked_on, posted_on, occurred_at, description, extended_description,
                merchant_name, category, custom_category, merchant_category_code, reference, class, observed_at, content_hash, revision, delivery_id, recorded_at)
            FROM STDIN (FORMAT binary)
            """))
        {
            foreach (var message in deliveries.Cast<TransactionsDelivered>())
            {
                foreach (var row in message.Rows)
                    await WriteAsync(copy, message.Delivery, row);
            }

            await copy.CompleteAsync();
        }

        return deliveries.Count * RowsADelivery / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, Delivery delivery, TransactionRow row)
    {
        await copy.StartRowAsync();
        await copy.WriteAsync((long)row.Account.ExternalId!.GetHashCode(StringComparison.Ordinal), NpgsqlDbType.Bigint);
        await copy.WriteAsync(row.ExternalId, NpgsqlDbType.Text);
        await copy.WriteAsync(row.Status == TransactionStatus.Posted ? "posted" : "pending", NpgsqlDbType.Text);
        await copy.WriteAsync(Money.FromMinorUnits(row.MinorUnits, row.Currency!).Amount, NpgsqlDbType.Numeric);
        await copy.WriteAsync(row.Currency!, NpgsqlDbType.Char);
        await copy.WriteAsync(false, NpgsqlDbType.Boolean);
        await copy.WriteAsync(row.BookedOn, NpgsqlDbType.Date);
        await copy.WriteAsync(row.PostedOn!.Value, NpgsqlDbType.Date);
        await copy.WriteAsync(row.OccurredAt!.Value.UtcDateTime, NpgsqlDbType.TimestampTz);
        foreach (var text in (string?[])[row.Description, row.ExtendedDescription, row.MerchantName, row.Category, row.CustomCategory, row.MerchantCategoryCode, row.Reference, row.Class])
        {
            if (text is null)
                await copy.WriteNullAsync();
            else
                await copy.WriteAsync(text, NpgsqlDbType.Text);
        }

        await copy.WriteAsync(delivery.Envelope!.ObservedAt.UtcDateTime, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(delivery.Id, NpgsqlDbType.Uuid);
        await copy.WriteAsync(1, NpgsqlDbType.Integer);
        await copy.WriteAsync(delivery.Id, NpgsqlDbType.Uuid);
        await copy.WriteAsync(delivery.ReceivedAt.UtcDateTime, NpgsqlDbType.TimestampTz);
    }

    private static List<IDelivered> MakeDeliveries(int count)
    {
        var accounts = Enumerable.Range(0, Accounts).Select(_ => Sent.Account()).ToArray();
        return [.. Enumerable.Range(0, count).Select(n => Sent.Body(Sent.Write(EventTypes.TransactionsSynced,
            [.. Enumerable.Range(0, RowsADelivery).Select(_ => Row(accounts[n % Accounts]))])))];
    }

    internal static WireTransaction Row(string account) => Sent.Transaction($"bank_tx_{Guid.NewGuid():n}{Guid.NewGuid():n}", account) with
    {
        PostDate = "2026-08-13T19:35:43.5660000Z",
        MerchantName = "Woolworths",
        Category = "FOOD_AND_DRINK",
        MerchantCategoryCode = "5411",
        Reference = "3fee1c",
    };
}
