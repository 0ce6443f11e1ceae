using Redbark.Sync.Wire.Http;
using Redbark.Sync.Worker.Balances.Store;

namespace Redbark.Sync.Worker.Balances.Polling;

/// <summary>What one poll has met so far.</summary>
internal sealed class PollTally
{
    private readonly Dictionary<ReadingOutcome, int> _outcomes = [];
    private readonly HashSet<string> _answering = new(StringComparer.Ordinal);

    /// <summary>The first error of an account. A plan without brokerage (redbark 5.2) is none of the poll's; the accounts show it.</summary>
    public ProviderException? FirstError { get; private set; }

    /// <summary>What ended the reading early.</summary>
    public ProviderException? StoppedBy { get; set; }

    /// <summary>Accounts that our own budget put off, and until when.</summary>
    public List<(ProviderAccount Account, DateTimeOffset NotBefore)> Deferred { get; } = [];

    /// <summary>Connections that cannot be read until a person does something.</summary>
    public Dictionary<string, ProviderException> Refused { get; } = new(StringComparer.Ordinal);

    /// <summary>Connections that answered for an account, and refused none.</summary>
    public IReadOnlyCollection<string> Answering => [.. _answering.Where(id => !Refused.ContainsKey(id))];

    public bool IsAllLost => FirstError is not null && this[ReadingOutcome.Read] + this[ReadingOutcome.Unusable] == 0;

    public int this[ReadingOutcome outcome] => _outcomes.GetValueOrDefault(outcome);

    public void Add(ProviderAccount account, ReadingOutcome outcome, ProviderException? error)
    {
        _outcomes[outcome] = this[outcome] + 1;
        if (error is null)
            _answering.Add(account.ConnectionId);
        else if (outcome == ReadingOutcome.Deferred && error.NotBefore is { } notBefore)
            Deferred.Add((account, notBefore));
        else if (outcome == ReadingOutcome.Failed && !(account.IsBrokerage && error.Fault == ProviderFault.PermissionMissing))
            FirstError ??= error;
        if (error?.Fault is ProviderFault.ReauthRequired or ProviderFault.CredentialInvalid)
            Refused.TryAdd(account.ConnectionId, error);
    }

    /// <summary>Forgets that accounts were put off, because they are read after all.</summary>
    public void ClearDeferred()
    {
        _outcomes[ReadingOutcome.Deferred] = 0;
        Deferred.Clear();
    }

    public override string ToString()
    {
        var (unusable, failed, deferred) = (this[ReadingOutcome.Unusable], this[ReadingOutcome.Failed], this[ReadingOutcome.Deferred]);
        return $"{Counted.Of(this[ReadingOutcome.Read], "account")} read"
            + (unusable > 0 ? $", {unusable} without a usable balance" : "")
            + (failed > 0 ? $", {failed} failed" : "")
            + (deferred > 0 ? $", {deferred} put off" : "");
    }
}
