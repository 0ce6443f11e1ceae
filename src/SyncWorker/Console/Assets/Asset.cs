using System.Reflection;
using System.Security.Cryptography;

namespace Redbark.Sync.Worker.Console.Assets;

/// <summary>The console's few files. They are inside the assembly, and their address changes with their content, so browsers may keep them.</summary>
internal static class Asset
{
    private const string Root = "/assets";

    private static readonly Dictionary<string, File> Files = Read();

    public static string Path(string name) => $"{Root}/{Files[name].Hash}/{name}";

    public static void MapAssets(this WebApplication app) =>
        app.MapGet($"{Root}/{{hash}}/{{name}}", Serve).AllowAnonymous().ExcludeFromDescription();

    private static IResult Serve(HttpContext context, string hash, string name)
    {
        if (!Files.TryGetValue(name, out var file))
            return Results.NotFound();
        context.Response.Headers.CacheControl = hash == file.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(file.Content, file.ContentType);
    }

    private static Dictionary<string, File> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string prefix = "console/";
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(name => name[prefix.Length..], name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new File(content, Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)), System.IO.Path.GetExtension(name) switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                _ => "image/svg+xml",
            });
        });
    }

    private sealed record File(byte[] Content, string Hash, string ContentType);
}
