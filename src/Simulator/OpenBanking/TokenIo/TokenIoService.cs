using System.Collections.Concurrent;
using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking.TokenIo;

/// <summary>What stands before every endpoint: key, consent, accounts, budget, failures.</summary>
internal sealed class TokenIoService(
    SimulatedBank bank, TokenIoOptions options, TokenIoFaults faults, ConcurrentDictionary<string, IReadOnlyList<ExposedAccount>> consents, CallCounts calls)
{
    private const string PresenceHeader = "token-customer-ip-address";

    private readonly CallBudget _budget = new(bank.Clock, options.MostUnattended, options.BudgetWindow);
    private long _traces = 5_678_912_345;

    /// <summary>Answers one call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="endpoint">Its name in counts and failures.</param>
    /// <param name="ids">The accounts that it names; none for the list of them.</param>
    /// <param name="answer">Answers, given the accounts of the consent: those that are named, or all.</param>
    public async Task AnswerAsync(HttpContext context, string endpoint, IReadOnlyList<string>? ids, Func<IReadOnlyList<ExposedAccount>, Reply> answer)
    {
        Reply reply;
        Damage? damage = null;
        try
        {
            var accounts = Admit(context, endpoint, ids);
            var failure = faults.Next.Take(endpoint);
            damage = failure switch
            {
                TokenIoFailure.Slow => Damage.Slow,
                TokenIoFailure.Truncated => Damage.Truncated,
                TokenIoFailure.Reset => Damage.Reset,
                _ => null,
            };
            reply = failure is { } kind && damage is null ? Failed(kind) : answer(accounts);
        }
        catch (TokenIoRefusal refusal)
        {
            reply = refusal.ToReply(NextTrace());
        }

        await reply.WriteAsync(context.Response, damage, faults.Slowness);
    }

    private IReadOnlyList<ExposedAccount> Admit(HttpContext context, string endpoint, IReadOnlyList<string>? ids)
    {
        var headers = context.Request.Headers;
        var tokenId = headers["on-behalf-of"].ToString();
        var consent = consents.GetValueOrDefault(tokenId);
        foreach (var id in ids is null or [] ? [""] : ids)
            calls.Add(new CallKind(endpoint, id, consent is null ? "" : tokenId));

        if (headers.Authorization != $"Basic {options.ApiKey}")
            throw new TokenIoRefusal(401, "The credentials are missing or invalid");
        if (tokenId.Length == 0)
            throw new TokenIoRefusal(400, "on-behalf-of is missing");
        if (consent is null)
            throw new TokenIoRefusal(403, "Consent expired at the bank");
        if (ids is null)
            return consent;

        // Spec 3.11: an account that is not under the consent is not there.
        var named = ids.Select(id => consent.FirstOrDefault(account => account.Id == id) ?? throw new TokenIoRefusal(404, "There is no such account")).ToArray();
        // Spec 3.10: whether a call for several accounts costs one or one each is unknown; one each here, and none when one has none left.
        if (!faults.Unlimited && !headers.ContainsKey(PresenceHeader)
            && _budget.Take([.. named.DistinctBy(account => account.Id).Select(account => new CallKind("", account.Id, tokenId))]) is { } wait)
            throw Throttled(wait);
        return named;
    }

    private Reply Failed(TokenIoFailure failure) => failure switch
    {
        TokenIoFailure.BadRequest => Refused(400, "The request is invalid"),
        TokenIoFailure.Unauthorized => Refused(401, "The credentials are missing or invalid"),
        TokenIoFailure.Forbidden => Refused(403, "Consent expired at the bank"),
        TokenIoFailure.Throttled => Throttled(TimeSpan.FromMinutes(1)).ToReply(NextTrace()),
        TokenIoFailure.ServerError => Refused(500, "Something went wrong"),
        TokenIoFailure.BankError => Refused(500, "The bank failed") with { Header = ("token-external-error", "true") },
        TokenIoFailure.PlainText => new Reply(500, "upstream connect error or disconnect/reset before headers", "text/plain"),
        TokenIoFailure.Unimplemented => Refused(501, "The bank does not support it"),
        TokenIoFailure.Unavailable => Refused(503, "The service is not available"),
        TokenIoFailure.DeadlineExceeded => Refused(504, "The bank took too long"),
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };

    private Reply Refused(int status, string message) => new TokenIoRefusal(status, message).ToReply(NextTrace());

    private TokenIoRefusal Throttled(TimeSpan wait) => new(429, "Too many requests") { RetryAfter = faults.RetryAfter ? wait : null };

    private string NextTrace() => Interlocked.Increment(ref _traces).ToString();
}
