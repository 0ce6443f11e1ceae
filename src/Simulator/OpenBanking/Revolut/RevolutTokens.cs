using System.Text.Json.Nodes;
using Redbark.Sync.Simulator.Bank;

namespace Redbark.Sync.Simulator.OpenBanking.Revolut;

/// <summary>Whose an access token is: a user's, by consent, or the client's own when there is none.</summary>
internal sealed record RevolutBearer(string? ConsentId, DateTimeOffset Until);

/// <summary>The token endpoint (spec 2.2). Safe for concurrent use.</summary>
internal sealed class RevolutTokens
{
    private static readonly TimeSpan ClientLife = TimeSpan.FromSeconds(2400);
    private static readonly TimeSpan UserLife = TimeSpan.FromSeconds(3600);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string ConsentId, string RedirectUri)> _codes = [];
    private readonly Dictionary<string, (string ConsentId, DateTimeOffset Until)> _refresh = [];
    private readonly Dictionary<string, RevolutBearer> _access = [];
    private readonly TimeProvider _clock;
    private readonly RevolutOptions _options;
    private readonly RevolutFaults _faults;
    private readonly RevolutConsents _consents;
    private readonly IdSequence _ids;

    public RevolutTokens(SimulatedBank bank, RevolutOptions options, RevolutFaults faults, RevolutConsents consents)
    {
        (_clock, _options, _faults, _consents) = (bank.Clock, options, faults, consents);
        _ids = new IdSequence(bank.Seed, "revolut token");
        foreach (var grant in options.Grants)
            _refresh[grant.RefreshToken] = (grant.ConsentId, consents.Find(grant.ConsentId)!.AuthorisedAt!.Value + options.RefreshTokenLife);
    }

    public string NewCode(string consentId, string redirectUri)
    {
        lock (_gate)
        {
            var code = _ids.NextShort("oa_");
            _codes[code] = (consentId, redirectUri);
            return code;
        }
    }

    public string? RefreshTokenOf(string consentId)
    {
        lock (_gate)
        {
            return _refresh.Where(token => token.Value.ConsentId == consentId).Select(token => token.Key).LastOrDefault();
        }
    }

    /// <summary>Makes every access token expire now.</summary>
    public void ExpireAccess()
    {
        lock (_gate)
        {
            _access.Clear();
        }
    }

    public RevolutBearer? Find(string accessToken)
    {
        lock (_gate)
        {
            return _access.TryGetValue(accessToken, out var bearer) && _clock.GetUtcNow() < bearer.Until ? bearer : null;
        }
    }

    /// <exception cref="RevolutRefusal">The grant is refused.</exception>
    public Reply Grant(IFormCollection form)
    {
        if (form["client_id"] != _options.ClientId)
            throw RevolutRefusal.OAuth(401, "invalid_client", "The client is unknown");

        lock (_gate)
        {
            return Reply.Json(form["grant_type"].ToString() switch
            {
                "client_credentials" => ForClient(form),
                "authorization_code" => ForCode(form),
                "refresh_token" => ForRefresh(form),
                "" => throw RevolutRefusal.OAuth(400, "invalid_request", "grant_type is missing"),
                _ => throw RevolutRefusal.OAuth(400, "unsupported_grant_type", "The grant type is not supported"),
            });
        }
    }

    private JsonObject ForClient(IFormCollection form)
    {
        if (form["scope"] != "accounts")
            throw RevolutRefusal.OAuth(400, "invalid_scope", "The scope must be accounts");
        return NewAccess(null, ClientLife);
    }

    private JsonObject ForCode(IFormCollection form)
    {
        // A code is good for one exchange, whatever becomes of it.
        if (!_codes.Remove(form["code"].ToString(), out var code) || form["redirect_uri"] != code.RedirectUri)
            throw RevolutRefusal.OAuth(400, "invalid_grant", "The code is invalid, or the redirect URI is another");
        Check(code.ConsentId);

        var answer = WithRefresh(NewAccess(code.ConsentId, UserLife), NewRefresh(code.ConsentId));
        answer["id_token"] = _ids.NextLong("id_");
        return answer;
    }

    private JsonObject ForRefresh(IFormCollection form)
    {
        var token = form["refresh_token"].ToString();
        if (!_refresh.TryGetValue(token, out var known) || known.Until <= _clock.GetUtcNow())
            throw RevolutRefusal.OAuth(400, "invalid_grant", "The refresh token is invalid or expired");
        if (!_faults.RefreshesRevoked)
            Check(known.ConsentId);

        var answer = NewAccess(known.ConsentId, UserLife);
        if (!_faults.RotatesRefreshTokens)
            return WithRefresh(answer, token);

        _refresh.Remove(token);
        return WithRefresh(answer, NewRefresh(known.ConsentId));
    }

    private void Check(string consentId)
    {
        if (!_consents.Find(consentId)!.Holds(_clock.GetUtcNow()))
            throw RevolutRefusal.OAuth(400, "invalid_grant", "The consent is not authorised");
    }

    private JsonObject NewAccess(string? consentId, TimeSpan life)
    {
        // Spec 2.2: refreshing replaces the access token before it.
        if (consentId is not null)
        {
            foreach (var old in _access.Where(token => token.Value.ConsentId == consentId).Select(token => token.Key).ToArray())
                _access.Remove(old);
        }

        var token = _ids.NextLong("at_");
        _access[token] = new RevolutBearer(consentId, _clock.GetUtcNow() + life);
        return new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (int)life.TotalSeconds - 1 };
    }

    private string NewRefresh(string consentId)
    {
        var token = _ids.NextLong("rt_");
        _refresh[token] = (consentId, _clock.GetUtcNow() + _options.RefreshTokenLife);
        return token;
    }

    private JsonObject WithRefresh(JsonObject answer, string refreshToken)
    {
        var until = _refresh[refreshToken].Until;
        answer["refresh_token"] = refreshToken;
        if (_faults.RefreshTokenExpiry == RevolutExpiryForm.Iso)
            answer["refresh_token_expires_at"] = until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        else if (_faults.RefreshTokenExpiry == RevolutExpiryForm.Epoch)
            answer["refresh_token_expires_at"] = until.ToUnixTimeSeconds();
        return answer;
    }
}
