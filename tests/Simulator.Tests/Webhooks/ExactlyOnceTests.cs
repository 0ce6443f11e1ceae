using FsCheck;
using FsCheck.Fluent;
using Redbark.Sync.Contracts;
using Redbark.Sync.Simulator.Webhooks;

namespace Redbark.Sync.Simulator.Tests.Webhooks;

public sealed class ExactlyOnceTests
{
    /// <summary>What the bank and the receiver do in one step.</summary>
    private enum Step
    {
        Run,
        Spend,
        Correct,
        Settle,
        SettleUnderNewId,
    }

    [Fact]
    public void Over_any_successes_and_failures_every_revision_is_answered_2xx_exactly_once()
    {
        var steps = Gen.Elements(Enum.GetValues<Step>()).ListOf(12);
        var answers = Gen.Elements(200, 200, 202, 0, 301, 400, 401, 429, 500, 503).ListOf(40);
        var property = Prop.ForAll(
            (from some in steps from status in answers from goesOn in ArbMap.Default.GeneratorFor<bool>() select (some, status, goesOn)).ToArbitrary(),
            history => CheckAsync([.. history.some], [.. history.status], history.goesOn));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), property);
    }

    private static async Task CheckAsync(Step[] steps, int[] answers, bool goesOn)
    {
        await using var stage = await Stage.SetAsync(
            rows: 7, trades: 2, includePending: true,
            sender: new SenderOptions { ChunkSize = 3, AutoDisable = AutoDisable.Never, ContinueAfterFailedChunk = goesOn });
        stage.Receiver.Script(answers);
        var bank = stage.Redbark.Bank;
        foreach (var step in steps)
        {
            var pending = bank.Transactions.FirstOrDefault(row => row.Status == TransactionStatus.Pending);
            if (step == Step.Run)
                await stage.Redbark.RunAsync();
            else if (step == Step.Spend)
                stage.Redbark.Generator.PostRows(2);
            else if (step == Step.Correct)
                bank.Correct(bank.Transactions[^1].Key, before => before with { Description = before.Description + "!" });
            else if (pending is not null)
                bank.Settle(pending.Key, step == Step.SettleUnderNewId);
        }

        // The script of answers ends some time, and then every answer is 200.
        for (var run = 0; run < answers.Length && (await stage.Redbark.RunAsync()).Outcome != RunOutcome.NothingToSend; run++)
        {
        }

        var delivered = stage.Receiver.Received.Where((_, n) => n >= answers.Length || answers[n] is 200 or 202).ToList();
        var news = delivered.SelectMany(request => request.NewIds).ToList();
        Assert.Equal(news.Count, news.Distinct().Count());
        Assert.Subset(news.ToHashSet(), bank.Transactions.Select(row => row.Id).Concat(bank.Trades.Select(trade => trade.Id)).ToHashSet());
        Assert.All(delivered.SelectMany(request => request.UpdatedIds), id => Assert.Contains(id, news));
        foreach (var row in bank.Transactions)
        {
            var last = delivered.SelectMany(request => request.Json["data"]!["new"]!.AsArray().Concat(request.Json["data"]!["updated"]!.AsArray()))
                .Last(sent => (string)sent!["id"]! == row.Id)!;
            Assert.Equal(row.Description, (string)last["description"]!);
        }
    }
}
