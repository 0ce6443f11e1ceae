using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Redbark.Sync.Standalone.Commands;

/// <summary>Writes the console's password into a file of settings that people wrote: the one key changes, wherever and however it is written there.</summary>
internal static class PasswordFile
{
    private const string Section = "Console";
    private const string Key = "PasswordHash";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>For the file's owner alone where it is new; never leaves half a file.</summary>
    /// <exception cref="UsageException">The file cannot be read, changed or written; it is as it was.</exception>
    public static void Save(string file, string hash)
    {
        try
        {
            var settings = File.Exists(file) ? Read(file, hash) : [];
            Set(settings, hash, file);

            var next = $"{file}.new";
            using (var stream = new FileStream(next, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = File.Exists(file) ? File.GetUnixFileMode(file) : UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                stream.Write(JsonSerializer.SerializeToUtf8Bytes(settings, Indented));
                stream.WriteByte((byte)'\n');
                stream.Flush(flushToDisk: true);
            }

            File.Move(next, file, overwrite: true);
        }
        // The last is what a key that stands there twice is told with.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new UsageException($"{file}: {error.Message}");
        }
    }

    private static JsonObject Read(string file, string hash)
    {
        var text = File.ReadAllText(file);
        if (HasComments(Encoding.UTF8.GetBytes(text)))
            throw new UsageException($$"""{{file}}: it holds comments, which would be lost; nothing was changed. Write there by hand: "{{Section}}": { "{{Key}}": "{{hash}}" }""");
        return JsonNode.Parse(text, documentOptions: new() { AllowTrailingCommas = true }) as JsonObject
            ?? throw new UsageException($"{file}: expected a JSON object, found something else.");
    }

    private static bool HasComments(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Allow, AllowTrailingCommas = true });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.Comment)
                return true;
        }

        return false;
    }

    // To the configuration case is all the same, and so is whether keys are nested or joined by colons; but it refuses a key that is there twice.
    private static void Set(JsonObject settings, string hash, string file)
    {
        if (Find(settings, $"{Section}:{Key}") is { } joined)
        {
            settings[joined] = hash;
            return;
        }

        var sections = settings.Where(property => property.Key.Equals(Section, StringComparison.OrdinalIgnoreCase)).ToList();
        if (sections.Exists(section => section.Value is not (null or JsonObject)))
            throw new UsageException($"{file}: {Section}: expected a JSON object, found something else.");

        var objects = sections.Select(section => section.Value).OfType<JsonObject>().ToList();
        if (objects.Find(section => Find(section, Key) is not null) is { } found)
            found[Find(found, Key)!] = hash;
        else if (objects.Count > 0)
            objects[0][Key] = hash;
        else
            settings[sections.Count > 0 ? sections[0].Key : Section] = new JsonObject { [Key] = hash };
    }

    private static string? Find(JsonObject settings, string key) =>
        settings.Select(property => property.Key).FirstOrDefault(name => name.Equals(key, StringComparison.OrdinalIgnoreCase));
}
