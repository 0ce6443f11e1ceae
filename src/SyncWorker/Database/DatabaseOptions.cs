using Microsoft.Extensions.Options;
using Npgsql;

namespace Redbark.Sync.Worker.Database;

/// <summary>Where the ledger is: <c>ConnectionStrings:Ledger</c>, an Npgsql connection string.</summary>
internal sealed class DatabaseOptions
{
    public const string Key = "ConnectionStrings:Ledger";

    public string? ConnectionString { get; set; }

    /// <summary>The validated connection string, with statements prepared by themselves unless it says otherwise.</summary>
    public NpgsqlConnectionStringBuilder ToConnectionString()
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 64;
            settings.AutoPrepareMinUsages = 2;
        }

        settings.ApplicationName ??= "redbark-sync-worker";
        return settings;
    }
}

/// <summary>Says which key is wrong, what was found and what is expected; never the value, which may hold a password.</summary>
internal sealed class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>
{
    private const string Expected = "expected an Npgsql connection string such as 'Host=localhost;Username=redbark;Password=…;Database=redbark'";

    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
            return ValidateOptionsResult.Fail($"{DatabaseOptions.Key}: {Expected}, found nothing.");

        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(options.ConnectionString).Host)
                ? ValidateOptionsResult.Fail($"{DatabaseOptions.Key}: {Expected}, found one without a Host.")
                : ValidateOptionsResult.Success;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            return ValidateOptionsResult.Fail($"{DatabaseOptions.Key}: {Expected}, found something that is none ({error.GetType().Name}).");
        }
    }
}
