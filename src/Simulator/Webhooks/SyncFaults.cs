namespace Redbark.Sync.Simulator.Webhooks;

/// <summary>Whether a chunk is sent a second time.</summary>
public enum SendTwice
{
    /// <summary>It is not.</summary>
    No,

    /// <summary>Again after it was delivered.</summary>
    Sequentially,

    /// <summary>Both at the same time.</summary>
    Concurrently,
}

/// <summary>What goes wrong in one run. All of it happens to one chunk, but for <see cref="Lost"/>.</summary>
public sealed record SyncFaults
{
    /// <summary>A row whose amount is not an integer.</summary>
    public const string MalformedRow =
        """{"id":"bank_tx_malformed","object":"transaction","amount":"12.5O","currency":"aud","status":"posted","description":"MALFORMED","direction":"debit","class":"payment","account_id":"00000000-0000-4000-8000-000000000000","account_name":"Nobody","local_date":"2026-02-31"}""";

    /// <summary>The chunk it happens to, counted from 1 through all events of the run.</summary>
    public int Chunk { get; init; } = 1;

    /// <summary>Sends the chunk a second time.</summary>
    public SendTwice SendTwice { get; init; }

    /// <summary>Sends the chunk after the one that follows it.</summary>
    public bool Swap { get; init; }

    /// <summary>Spoils the signature of every attempt.</summary>
    public bool CorruptSignature { get; init; }

    /// <summary>JSON of rows that are added to the chunk's <c>new</c>, on top of its 500, such as <see cref="MalformedRow"/>; an otherwise empty run then sends one chunk.</summary>
    public IReadOnlyList<string> ExtraRows { get; init; } = [];

    /// <summary>Records the chunk as delivered without sending it: a loss that only REST can heal (spec 3.3).</summary>
    public bool Drop { get; init; }

    /// <summary>Another chunk that is dropped, as by <see cref="Drop"/>.</summary>
    public int? Lost { get; init; }

    /// <summary>How many answers of the receiver are lost on the way back.</summary>
    public int LoseAnswers { get; init; }
}
