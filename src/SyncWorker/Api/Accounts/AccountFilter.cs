namespace Redbark.Sync.Worker.Api.Accounts;

/// <summary>Which accounts are wanted; null for any.</summary>
/// <param name="Text">Part of the account's or its bank's name, or one of its ids whole.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Status">One of <see cref="AccountReader.Statuses"/>.</param>
internal sealed record AccountFilter(string? Text = null, string? Currency = null, string? Status = null);
