using Redbark.Sync.Worker.Balances.Calls;

namespace Redbark.Sync.Worker.Balances.TokenIo;

/// <summary>The <c>TokenIo</c> section. Without a consent, Token.io is not read.</summary>
internal sealed class TokenIoOptions : ProviderOptions
{
    public const string Section = "TokenIo";
    public const string DefaultBaseUrl = "https://api.token.io";

    /// <summary>The two spellings of the bulk call's parameter: the guide and the SDK say the first, the reference the second (open-banking-balances 3.6).</summary>
    public static readonly string[] AccountParameters = ["account_id", "accountId"];

    public Uri BaseUrl { get; set; } = new(DefaultBaseUrl);

    /// <summary>Sent as it is: what the dashboard shows is the whole credential (3.2).</summary>
    public string ApiKey { get; set; } = "";

    public string AccountParameter { get; set; } = AccountParameters[0];

    /// <summary>Accounts in one bulk call; 1 for single calls only.</summary>
    public int BulkSize { get; set; } = 20;

    public IReadOnlyList<TokenIoConsent> Consents { get; set; } = [];

    public static void Read(TokenIoOptions options, IConfiguration configuration)
    {
        var settings = new ProviderSettings(configuration.GetSection(Section), options.Problems);
        settings.Only("BaseUrl", "ApiKey", "ApiKeyFile", "AccountParameter", "BulkSize", "SigningKeyFile", "Consents");
        options.BaseUrl = settings.Url("BaseUrl", DefaultBaseUrl);
        options.BulkSize = settings.Number("BulkSize", 20, 1, 100);
        options.ApiKey = settings.Secret("ApiKey") ?? "";
        options.Consents = [.. settings.Consents().Select(consent => TokenIoConsent.Read(consent.Name, consent.Settings)).OfType<TokenIoConsent>()];
        if (settings.Text("AccountParameter") is { } parameter)
        {
            if (AccountParameters.Contains(parameter, StringComparer.Ordinal))
                options.AccountParameter = parameter;
            else
                settings.Problem("AccountParameter", string.Join(" or ", AccountParameters), $"'{parameter}'");
        }

        if (settings.Text("SigningKeyFile") is not null)
        {
            settings.Problem("SigningKeyFile",
                "nothing: signed requests (a JWT a request, which Token.io's production asks for) are not built, because Token.io's description of the signature could not be read. Set ApiKey",
                "a file");
        }

        if (options.Consents.Count > 0 && settings.Text("ApiKey") is null && settings.Text("ApiKeyFile") is null)
            settings.Problem("ApiKey", "the key of Token.io's dashboard, here or in ApiKeyFile", "nothing");
    }
}

/// <summary>One consent of a user, which Token.io keeps the bank's tokens of.</summary>
/// <param name="Name">Its name in the settings.</param>
/// <param name="TokenId">Its id at Token.io, <c>ta:…</c>.</param>
/// <param name="EndsAt">When it ends, which Token.io does not tell (open-banking-balances 3.2); null when nobody noted it.</param>
internal sealed record TokenIoConsent(string Name, string TokenId, DateTimeOffset? EndsAt = null)
{
    public static TokenIoConsent? Read(string name, ProviderSettings settings)
    {
        // The links are read with those of the other providers: BalanceOptions.
        settings.Only("TokenId", "EndsAt", "Links");
        var endsAt = settings.Moment("EndsAt");
        var id = settings.Secret("TokenId");
        if (id is not null && id.StartsWith("ta:", StringComparison.Ordinal))
            return new TokenIoConsent(name, id, endsAt);
        settings.Problem("TokenId", "the id of the consent at Token.io, ta:…", id is null ? "nothing" : "something else");
        return null;
    }
}

/// <summary>The account holder, who is looking on while we read. Never made up: a bank counts on it.</summary>
/// <param name="IpAddress">Their IPv4 address.</param>
internal sealed record PresentCustomer(string IpAddress);
