using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Npgsql;
using Redbark.Sync.Worker.Database;

namespace Redbark.Sync.Worker.SignIn.Keys;

/// <summary>The keys of sessions in <c>ledger.session_keys</c>, so that every worker knows every session.</summary>
internal sealed class DatabaseKeys(NpgsqlDataSource database, DatabaseReadiness readiness) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = Command("SELECT content FROM ledger.session_keys ORDER BY made_at");
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read())
            keys.Add(XElement.Parse(reader.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = Command("INSERT INTO ledger.session_keys (name, content, made_at) VALUES ($1, $2, now()) ON CONFLICT (name) DO UPDATE SET content = EXCLUDED.content");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = friendlyName });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }

    // Who waits here holds up the start, or a request.
    private NpgsqlCommand Command(string sql) => readiness.IsReady
        ? database.CreateCommand(sql)
        : throw new TimeoutException("The ledger's database is not ready.");
}
