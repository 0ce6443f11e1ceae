using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.SignIn.OpenId;

namespace Redbark.Sync.Worker.SignIn;

/// <summary>How a person can sign in by the settings.</summary>
internal sealed class SignInWays(IOptions<ConsoleOptions> console, IOptions<OpenIdOptions> openId)
{
    public string? PasswordHash => console.Value.PasswordHash;

    public bool HasOpenId => openId.Value.IsOn;
}
