namespace Redbark.Sync.Worker.Console.Accounts;

/// <summary>What a proof comes to, for people.</summary>
internal static class ProofWords
{
    public static string Kind(string? status) => status switch { "proved" => "good", "drift" => "bad", "settling" => "info", _ => "quiet" };

    public static string Word(string? status) => status switch { null => "not proved yet", "drift" => "differs", _ => status };

    public static string Meaning(string? status) => status switch
    {
        "proved" => "Opening and rows are what the bank says, to the smallest unit.",
        "settling" => "Ledger and bank differ, but not for longer than rows and balances may take to meet.",
        "drift" => "Ledger and bank differ, and waiting has not helped.",
        "unknown" => "There is nothing to compare with.",
        _ => "It was not compared with a bank yet.",
    };

    public static string Provider(string? provider) => provider switch { "redbark" => "Redbark", "revolut" => "Revolut", "tokenio" => "Token.io", null => "no provider", _ => provider };
}
