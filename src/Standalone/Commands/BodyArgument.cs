using System.CommandLine;

namespace Redbark.Sync.Standalone.Commands;

/// <summary>A request body: a file, or <c>-</c> for standard input. The bytes are taken exactly as they are.</summary>
internal sealed class BodyArgument
{
    public Argument<string> Argument { get; } = new("body") { Description = "The file that holds the body, or - for standard input." };

    /// <exception cref="UsageException">The file cannot be read.</exception>
    public async Task<byte[]> ReadAsync(ParseResult given, CancellationToken cancellation)
    {
        var path = given.GetValue(Argument)!;
        try
        {
            if (path != "-")
                return await File.ReadAllBytesAsync(path, cancellation);

            using var buffer = new MemoryStream();
            await using var input = Console.OpenStandardInput();
            await input.CopyToAsync(buffer, cancellation);
            return buffer.ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(error.Message);
        }
    }
}
