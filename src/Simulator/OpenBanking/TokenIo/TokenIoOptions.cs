namespace Redbark.Sync.Simulator.OpenBanking.TokenIo;

/// <summary>What a simulated Token.io shows, and to whom.</summary>
public sealed record TokenIoOptions
{
    /// <summary>The bank's accounts behind Token.io, by number: from 0, over those that take transactions.</summary>
    public IReadOnlyList<int> Accounts { get; init; } = [];

    /// <summary>What follows <c>Authorization: Basic</c>.</summary>
    public string ApiKey { get; init; } = "bS0zanhoOnNpbXVsYXRlZA==";

    /// <summary>The consents.</summary>
    public IReadOnlyList<TokenIoGrant> Grants { get; init; } = [new()];

    /// <summary><c>bankId</c> of every account.</summary>
    public string BankId { get; init; } = "ob-modelo";

    /// <summary>Calls per consent and account in <see cref="BudgetWindow"/> while no user is present (spec 3.10).</summary>
    public int MostUnattended { get; init; } = 4;

    /// <summary>The window of <see cref="MostUnattended"/>.</summary>
    public TimeSpan BudgetWindow { get; init; } = TimeSpan.FromHours(24);
}

/// <summary>A consent that the user has given.</summary>
public sealed record TokenIoGrant
{
    /// <summary>Its token id, <c>ta:…</c>.</summary>
    public string TokenId { get; init; } = "ta:3eYPU1BEKKunfmYgQuSKXFCeo851C5Y3XiZW3XA465TU:5zKtXEAq";

    /// <summary>The accounts, by number; every one of <see cref="TokenIoOptions.Accounts"/> when null.</summary>
    public IReadOnlyList<int>? Accounts { get; init; }
}
