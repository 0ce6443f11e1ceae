using System.Text.Json;
using Redbark.Sync.Contracts;

namespace Redbark.Sync.Wire.Rest;

/// <summary>Reads the rows of one kind. For one read at a time.</summary>
internal abstract class RestReader<TRow>
    where TRow : class
{
    /// <summary>Reads a row: either it is usable, or it is told why not.</summary>
    /// <param name="element">The row.</param>
    /// <param name="id">Its id; null when it has none that is usable.</param>
    /// <param name="unusable">Why it cannot be used, when null is returned.</param>
    public abstract TRow? Read(JsonElement element, out string? id, out UnusableRow? unusable);
}

/// <summary>Reads rows whose fields are named by an enum. The first problem that a field has makes the row unusable.</summary>
internal abstract class RestReader<TRow, TField> : RestReader<TRow>
    where TRow : class
    where TField : struct, Enum
{
    private readonly JsonFields<TField> _fields = new();
    private readonly UnknownFields _unknown = new();
    private JsonElement _element;
    private (string Reason, string Detail)? _problem;

    public override TRow? Read(JsonElement element, out string? id, out UnusableRow? unusable)
    {
        _problem = null;
        _element = element;
        TRow? row = null;
        id = null;
        if (element.ValueKind is not JsonValueKind.Object)
        {
            Fail(RowRejection.NotAnObject, $"the row is {JsonText.Describe(element)}; an object is expected");
        }
        else
        {
            _fields.Load(element, _unknown, "");
            id = ReadId(IdField, RowRejection.IdMissing);
            row = id is null ? null : ReadRow(id);
        }

        unusable = _problem is { } problem ? new UnusableRow(problem.Reason, problem.Detail, id, RawJson) : null;
        return unusable is null ? row : null;
    }

    /// <summary>The text of the row.</summary>
    protected string RawJson => JsonText.Raw(_element);

    /// <summary>What names a row among its like.</summary>
    protected abstract TField IdField { get; }

    protected abstract TRow ReadRow(string id);

    protected void Fail(string reason, string detail) => _problem ??= (reason, detail);

    /// <summary>An id; a UUID has no case, anything else is opaque and has. Without a usable one the row fails and null is returned.</summary>
    protected string? ReadId(TField field, string reason)
    {
        var id = JsonText.ReadId(_fields[field], RowLimits.LongestId, out var problem);
        if (problem is not null)
            Fail(reason, $"{NameOf(field)} is {problem}; a string of 1 to {RowLimits.LongestId} characters is expected");
        return Guid.TryParseExact(id, "D", out var uuid) ? uuid.ToString("D") : id;
    }

    protected JsonElement Field(TField field) => _fields[field];

    protected string? Text(TField field) => JsonText.Read(_fields[field]);

    protected string? Trimmed(TField field) => JsonText.ReadTrimmed(_fields[field]);

    protected RestFigure? Figure(TField field, string reason = RowRejection.FigureInvalid)
    {
        var element = _fields[field];
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (PlainDecimal.TryRead(element, out var figure))
            return figure;
        Fail(reason, $"{NameOf(field)} is {JsonText.Describe(element)} that is not a plain decimal of at most 28 digits");
        return null;
    }

    protected decimal Needed(TField field, string reason)
    {
        if (Figure(field, reason) is { } figure)
            return figure.Amount;
        Fail(reason, $"{NameOf(field)} is {JsonText.Describe(_fields[field])}; a decimal is expected");
        return 0;
    }

    /// <summary>Three letters in either case; the row fails when it has something else there.</summary>
    protected string? Currency(TField field)
    {
        var code = CurrencyIfAny(field);
        if (code is null && Trimmed(field) is not null)
            Fail(RowRejection.CurrencyInvalid, $"{NameOf(field)} is {JsonText.Describe(_fields[field])} that is not three letters");
        return code;
    }

    /// <summary>As <see cref="Currency"/>, for rows that are of use without it; some hold tokens with longer names.</summary>
    protected string? CurrencyIfAny(TField field) =>
        Trimmed(field)?.ToUpperInvariant() is { Length: 3 } code && code.All(char.IsAsciiLetterUpper) ? code : null;

    protected DateOnly? Day(TField field) => WireMoment.Read(_fields[field]).Date;

    protected DateTimeOffset? Instant(TField field) => WireMoment.Read(_fields[field]).Instant;

    protected static string NameOf(TField field) => JsonNamingPolicy.CamelCase.ConvertName(field.ToString());
}
