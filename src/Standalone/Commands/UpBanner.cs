using Redbark.Sync.Standalone.Hosting;

namespace Redbark.Sync.Standalone.Commands;

/// <summary>What a person wants to know once the process runs.</summary>
internal static class UpBanner
{
    public static void Print(WebApplication app)
    {
        var settings = app.Configuration;
        var address = app.Urls.First();
        var feeds = settings.GetSection("Feeds").GetChildren().Select(feed => feed.Key).ToList();
        var token = app.Services.GetRequiredService<ApiToken>();

        Console.WriteLine($"""

            Redbark.Sync is up on {string.Join(", ", app.Urls)}

            Webhook     {string.Join("\n            ", feeds.Select(feed => $"{address}/webhooks/{feed}"))}
                        Paste it into Redbark with the name under which this machine can be reached by HTTPS.
            API         {address}/api/v1/accounts   document: {address}/openapi/v1.json
            API token   {Token(token, settings)}
            Data        {settings.Data().Path}
            Try it      redbark-sync send body.json (in a checkout: ./redbark send body.json)
                        signs a body with your secret and posts it here

            Ctrl-C stops it.

            """);
    }

    private static string Token(ApiToken token, IConfiguration settings) => token switch
    {
        { IsNew: true } => $"{settings["Api:Tokens:0"]}   (made now; kept in {token.File})",
        { File: { } file } => $"in {file}",
        _ => "as configured in Api:Tokens",
    };
}
