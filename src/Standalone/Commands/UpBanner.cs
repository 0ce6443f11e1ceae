using Redbark.Sync.Standalone.Hosting;
using Redbark.Sync.Worker.SignIn;

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
            Console     {SignIn(app, address)}
            API         {address}/api/v1/accounts   document: {address}/openapi/v1.json
            API token   {Token(token, settings)}
            Data        {settings.Data().Path}
            Try it      redbark-sync send body.json (in a checkout: ./redbark send body.json)
                        signs a body with your secret and posts it here

            Ctrl-C stops it.

            """);
    }

    /// <summary>How to get in: with the password, or without one by a link that works once, from this machine.</summary>
    private static string SignIn(WebApplication app, string address)
    {
        if (!string.IsNullOrEmpty(app.Configuration["Console:PasswordHash"]) || app.Configuration.GetSection("Console:OpenIdConnect").GetChildren().Any())
            return address;
        var set = "'redbark-sync set-password --save' sets a password for good";
        if (app.Urls.Select(url => new Uri(url)).FirstOrDefault(url => url.IsLoopback) is not { } local)
            return $"{address}\n            No password is set: {set}.";
        var link = new Uri(local, app.Services.GetRequiredService<SignInLink>().Make());
        return $"{link}\n            This link signs in once, from this machine, within {SignInLink.Lifetime.TotalMinutes:0} minutes; {set}.";
    }

    private static string Token(ApiToken token, IConfiguration settings) => token switch
    {
        { IsNew: true } => $"{settings["Api:Tokens:0"]}   (made now; kept in {token.File})",
        { File: { } file } => $"in {file}",
        _ => "as configured in Api:Tokens",
    };
}
