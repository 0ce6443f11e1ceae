using Microsoft.Playwright;

namespace Redbark.Sync.Browser.Tests.Harness;

/// <summary>Who looks, and through what.</summary>
public enum Look
{
    /// <summary>A laptop.</summary>
    Light,

    /// <summary>A laptop set to dark colours.</summary>
    Dark,

    /// <summary>A phone.</summary>
    Phone,

    /// <summary>A phone set to dark colours.</summary>
    DarkPhone,
}

internal static class Looks
{
    public static BrowserNewContextOptions Options(this Look look, Uri address) => new()
    {
        BaseURL = address.ToString(),
        ColorScheme = look is Look.Dark or Look.DarkPhone ? ColorScheme.Dark : ColorScheme.Light,
        ViewportSize = look is Look.Phone or Look.DarkPhone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1280, Height = 800 },
        // Nothing moves while it is looked at.
        ReducedMotion = ReducedMotion.Reduce,
    };
}
