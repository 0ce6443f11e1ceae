namespace Redbark.Sync.Worker.Console.Overview;

/// <summary>Why a proof fails, in words, and what to do.</summary>
internal static class Causes
{
    public static string Remedy(string? cause) => cause switch
    {
        "not_yet_posted" => "The bank has posted rows that are still pending here. They are read by REST; if it stays, look at the pending rows.",
        "missing_rows" => "Rows seem to be missing. They are read by REST where an API key is set; see its gaps.",
        "duplicate" => "A row may be here twice. Compare the rows that are named.",
        "hold_as_posted" => "A hold came as a posted row. Name its description in Settlement:HoldRules.",
        "stale_balance" => "The bank repeats an old balance. Wait for the next one.",
        "null_balance" => "The provider gives no balance. Nothing can be proved until it does.",
        "unknown_opening" => "The opening is not known. The second balance proves it, or Reconciliation:Accounts:{account}:Opening in the settings.",
        "opening_differs" => "The opening in the settings does not fit. Correct Reconciliation:Accounts:{account}:Opening.",
        "sign_convention" => "The provider states what is owed as a positive figure. Set Reconciliation:Accounts:{account}:BalanceSign to inverted.",
        "no_balance" => "No balance was read yet. It needs the provider's key, or a link to the account, in the settings.",
        _ => "Rows and balances cross. Wait for the next balance.",
    };

    /// <summary>What is the matter, as the rest of a sentence.</summary>
    public static string Plain(string? cause) => cause switch
    {
        "not_yet_posted" => "the bank has posted rows that are still pending here",
        "missing_rows" => "rows of the bank are missing here",
        "duplicate" => "a row is here twice",
        "hold_as_posted" => "a card hold counts as posted here",
        "stale_balance" => "the bank repeats an old balance",
        "null_balance" => "the bank gives no balance",
        "unknown_opening" => "what the account held before its first row is not known",
        "opening_differs" => "the opening in the settings does not fit",
        "sign_convention" => "the bank's figure has the opposite sign",
        "no_balance" => "no balance was read yet",
        "crossing" => "rows and balance cross",
        null => "",
        _ => Words(cause),
    };

    public static string Words(string? cause) => cause?.Replace('_', ' ') ?? "";
}
