using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.Extensions.Options;

namespace Redbark.Sync.Worker.SignIn.OpenId;

/// <summary>
/// OpenID Connect's code flow with PKCE, through ASP.NET Core's OAuth handler. Who it is comes from the UserInfo endpoint, over TLS and with the
/// access token that this process was just given; so no id token is read, and none has to be checked.
/// </summary>
internal static class OpenIdSetup
{
    public const string SchemeName = "OpenIdConnect";
    public const string Path = "/sign-in/openid";
    public const string CallbackPath = "/sign-in/callback";

    public static void AddOpenId(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OpenIdOptions>().Configure<IConfiguration>(OpenIdOptions.Read).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OpenIdOptions>, OpenIdOptionsValidator>();
        if (!configuration.GetSection(OpenIdOptions.Section).GetChildren().Any())
            return;

        services.AddAuthentication().AddOAuth<OAuthOptions, OpenIdHandler>(SchemeName, configureOptions: _ => { });
        services.AddOptions<OAuthOptions>(SchemeName).Configure<IOptions<OpenIdOptions>>((oauth, provider) => Configure(oauth, provider.Value));

        // The way back is a link from another site, with which a strict cookie would not be sent.
        services.AddOptions<CookieAuthenticationOptions>(Access.Session).Configure(cookie => cookie.Cookie.SameSite = SameSiteMode.Lax);
    }

    private static void Configure(OAuthOptions oauth, OpenIdOptions provider)
    {
        oauth.ClientId = provider.ClientId!;
        oauth.ClientSecret = provider.ClientSecret!;
        oauth.AuthorizationEndpoint = provider.AuthorizationEndpoint!.AbsoluteUri;
        oauth.TokenEndpoint = provider.TokenEndpoint!.AbsoluteUri;
        oauth.UserInformationEndpoint = provider.UserInfoEndpoint!.AbsoluteUri;
        oauth.CallbackPath = CallbackPath;
        oauth.SignInScheme = Access.Session;
        oauth.UsePkce = true;
        oauth.Scope.Add("openid");
        oauth.Scope.Add("email");
        oauth.CorrelationCookie.SameSite = SameSiteMode.Lax;
        oauth.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        oauth.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false };
        oauth.BackchannelTimeout = TimeSpan.FromSeconds(15);
        oauth.Events.OnRemoteFailure = OpenIdHandler.RefuseAsync;
    }
}
