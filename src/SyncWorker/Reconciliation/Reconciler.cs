using Microsoft.Extensions.Options;
using Npgsql;
using Redbark.Sync.Worker.Accounts.Keeping;
using Redbark.Sync.Worker.Balances;
using Redbark.Sync.Worker.Balances.Store;
using Redbark.Sync.Worker.Outbox;
using Redbark.Sync.Worker.Reconciliation.Proof;
using Redbark.Sync.Worker.Reconciliation.Store;

namespace Redbark.Sync.Worker.Reconciliation;

/// <summary>Proves accounts: opening and posted rows against what each provider says (money), trades against holdings (securities).</summary>
internal sealed class Reconciler(
    NpgsqlDataSource database, IOptions<ReconciliationOptions> options, BalanceOptions balances, OutboxSignal outbox, TimeProvider clock) : IAccountKeeper
{
    public async Task KeepAsync(long accountId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var now = clock.GetUtcNow();
        var proofs = new List<KeptProof>();
        foreach (var subject in await ProofReader.SubjectsAsync(connection, accountId, cancellation))
        {
            if (subject.IsBrokerage)
                proofs.AddRange(await HoldingsAsync(connection, subject, now, cancellation));
            else
                proofs.Add(await MoneyAsync(connection, subject, now, cancellation));
        }

        var told = await ReconciliationStore.SaveAsync(connection, accountId, proofs, now, cancellation);
        await transaction.CommitAsync(cancellation);
        if (told)
            outbox.Wake();
    }

    private async Task<KeptProof> MoneyAsync(NpgsqlConnection connection, ProofSubject subject, DateTimeOffset now, CancellationToken cancellation)
    {
        var settings = options.Value.For(subject.ExternalId, subject.PublicId);
        var (figures, others) = subject.ProviderAccountId == 0 ? ([], []) : await ProofReader.FiguresAsync(connection, subject, now, cancellation);
        if (settings.IsInverted)
            figures = figures.ConvertAll(figure => figure with { Amount = -figure.Amount });
        var trouble = figures.Count == 0 && others.Count > 0
            ? new ReadingTrouble(IsNull: true, now, $"the provider's balances are in {string.Join(", ", others.Distinct())}, the account's rows in {subject.Currency ?? "no known currency"}")
            : TroubleOf(subject);
        var timeline = figures.Count == 0 ? new Timeline([], []) : await ProofReader.TransactionsAsync(connection, subject, cancellation);
        return new KeptProof(subject, "", Prove(subject, figures, timeline, settings.OpeningAmount, trouble, now), settings.OpeningAmount is not null);
    }

    private async Task<IEnumerable<KeptProof>> HoldingsAsync(NpgsqlConnection connection, ProofSubject subject, DateTimeOffset now, CancellationToken cancellation)
    {
        var figures = await ProofReader.HoldingsAsync(connection, subject, cancellation);
        var trades = await ProofReader.TradesAsync(connection, subject, cancellation);
        return figures.Keys.Union(trades.Keys).Order(StringComparer.Ordinal).Select(symbol => new KeptProof(
            subject, symbol,
            Prove(subject, figures.GetValueOrDefault(symbol) ?? [], trades.GetValueOrDefault(symbol) ?? new Timeline([], []), opening: null, TroubleOf(subject), now),
            OpeningKnown: false));
    }

    private ProofReport Prove(ProofSubject subject, IReadOnlyList<BankFigure> figures, Timeline timeline, decimal? opening, ReadingTrouble? trouble, DateTimeOffset now) =>
        Prover.Prove(new ProofInput
        {
            Figures = figures,
            Timeline = timeline,
            Opening = opening,
            Trouble = trouble,
            TimeZone = subject.TimeZone,
            Now = now,
            SettleWithin = options.Value.SettleWithin,
            StaleAfter = balances.StaleAfter,
        });

    private static ReadingTrouble? TroubleOf(ProofSubject subject) => subject is { FailingSince: { } since, Error: { } error }
        ? new ReadingTrouble(subject.ErrorFault == BalanceStore.NoUsableBalance, since, error)
        : null;
}
