using System.Text.Json;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire;

/// <summary>Why a row cannot be used.</summary>
/// <param name="Reason">One of <see cref="RowRejection"/>.</param>
/// <param name="Detail">Names the field, holds nothing of the row.</param>
internal sealed record RowProblem(string Reason, string Detail);

/// <summary>Turns the rows of an envelope into rows of a message; each ends as a row or as a rejected row.</summary>
internal abstract class RowReader<TRow, TField>(UnknownFields unknown)
    where TRow : class
    where TField : struct, Enum
{
    /// <summary>The fields of the row that is being read.</summary>
    protected JsonFields<TField> Fields { get; } = new();

    /// <summary>Reads <c>data.new</c>, then <c>data.updated</c>.</summary>
    public (IReadOnlyList<TRow> Rows, IReadOnlyList<RejectedRow> Rejected) Read(JsonElement @new, JsonElement updated)
    {
        var rows = new List<TRow>(Length(@new) + Length(updated));
        var rejected = new List<RejectedRow>();
        var index = 0;
        Read(@new, RowOrigin.New, "data.new.");
        Read(updated, RowOrigin.Updated, "data.updated.");
        return (rows, rejected);

        void Read(JsonElement array, RowOrigin origin, string path)
        {
            if (array.ValueKind is not JsonValueKind.Array)
                return;
            foreach (var element in array.EnumerateArray())
            {
                string? id = null;
                if (ReadObject(element, index, origin, path, ref id, out var problem) is { } row)
                    rows.Add(row);
                else
                    rejected.Add(new RejectedRow(index, origin, problem!.Reason, problem.Detail, id, JsonText.Raw(element)));
                index++;
            }
        }
    }

    /// <summary>Reads one row by itself, and of one that cannot be used what identifies it.</summary>
    public (TRow? Row, RowProblem? Problem, string? Id, AccountReference? Account) ReadOne(JsonElement element, int index, RowOrigin origin)
    {
        string? id = null;
        var row = ReadObject(element, index, origin, "", ref id, out var problem);
        var account = element.ValueKind is JsonValueKind.Object ? ReadAccount(out _) : null;
        return (row, problem, id, account);
    }

    /// <summary>Reads the row whose fields are loaded.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="account">Its account.</param>
    /// <param name="index">0-based position.</param>
    /// <param name="origin">The array it stands in.</param>
    /// <param name="problem">Why it cannot be used, when null is returned.</param>
    protected abstract TRow? ReadRow(string id, AccountReference account, int index, RowOrigin origin, out RowProblem? problem);

    /// <summary>Reads the id of the row whose fields are loaded; null and the problem when it has none that is usable.</summary>
    protected abstract string? ReadId(out string? problem);

    /// <summary>Reads the account of the row whose fields are loaded; null and the problem when it has none that is usable.</summary>
    protected abstract AccountReference? ReadAccount(out string? problem);

    /// <summary>Reads an ISO 4217 code in either case; null when there is none, which means the account's own (spec 2.2).</summary>
    protected static bool TryReadCurrency(JsonElement element, out string? currency, out RowProblem? problem)
    {
        problem = null;
        currency = JsonText.ReadTrimmed(element)?.ToUpperInvariant();
        var isKnown = currency is null
            ? element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String
            : Currencies.TryGetExponent(currency, out _);
        if (isKnown)
            return true;
        problem = new RowProblem(RowRejection.CurrencyInvalid, $"currency is {JsonText.Describe(element)} that is not an ISO 4217 code with a minor unit");
        return false;
    }

    private TRow? ReadObject(JsonElement element, int index, RowOrigin origin, string path, ref string? id, out RowProblem? problem)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            problem = new RowProblem(RowRejection.NotAnObject, $"the row is {JsonText.Describe(element)}; an object is expected");
            return null;
        }

        Fields.Load(element, unknown, path);
        id = ReadId(out var detail);
        if (id is null)
        {
            problem = new RowProblem(RowRejection.IdMissing, $"id is {detail}; a string of 1 to {RowLimits.LongestId} characters is expected");
            return null;
        }

        if (ReadAccount(out detail) is not { } account)
        {
            problem = new RowProblem(RowRejection.AccountMissing, detail!);
            return null;
        }

        return ReadRow(id, account, index, origin, out problem);
    }

    private static int Length(JsonElement array) => array.ValueKind is JsonValueKind.Array ? array.GetArrayLength() : 0;
}
