using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.Export;

/// <summary><c>Export:*</c></summary>
internal sealed class ExportOptions
{
    public const string Section = "Export";

    /// <summary>Names in plain-text accounting, by <c>account_id</c> or <c>account_public_id</c>: <c>Assets:Bank:Everyday</c>.</summary>
    public Dictionary<string, string> Accounts { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public string? NameOf(string? externalId, string? publicId) =>
        externalId is not null && Accounts.TryGetValue(externalId, out var byId) ? byId
        : publicId is not null && Accounts.TryGetValue(publicId, out var byPublicId) ? byPublicId
        : null;
}

/// <summary>A name has to be one in every format, and one account's only.</summary>
internal sealed partial class ExportOptionsValidator : IValidateOptions<ExportOptions>
{
    public ValidateOptionsResult Validate(string? name, ExportOptions options)
    {
        var problems = options.Accounts
            .Where(account => !Name().IsMatch(account.Value))
            .Select(account => $"{ExportOptions.Section}:Accounts:{account.Key}: expected a name such as Assets:Bank:Everyday or Liabilities:Card (parts of letters A–Z, digits and -, each "
                + $"beginning with a capital letter or a digit), found '{account.Value}'.")
            .Concat(options.Accounts
                .GroupBy(account => account.Value, StringComparer.Ordinal)
                .Where(same => same.Count() > 1)
                .Select(same => $"{ExportOptions.Section}:Accounts: expected another name for each account, found '{same.Key}' for {string.Join(" and ", same.Select(account => account.Key).Order(StringComparer.Ordinal))}."))
            .ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // Assets:Pending is where pending rows go.
    [GeneratedRegex(@"\A(?:Assets|Liabilities)(?!:Pending(?::|\z))(?::[A-Z0-9][A-Za-z0-9-]*)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
