namespace Redbark.Sync.Simulator.Rest;

/// <summary>What an answer may be instead of the right one.</summary>
public enum BodyFault
{
    /// <summary>200 and a page of HTML.</summary>
    Html,

    /// <summary>200 and the first half of the JSON.</summary>
    HalfJson,

    /// <summary>200 with an error inside.</summary>
    ErrorInside,

    /// <summary>302 to <see cref="RestFaults.RedirectTo"/>.</summary>
    Redirect,

    /// <summary>Half the body, and the rest not before <see cref="RestFaults.HoldBody"/>.</summary>
    Slow,

    /// <summary>The first page, whatever page is asked for, with the claim that there are more.</summary>
    RepeatedPage,

    /// <summary>Amounts such as <c>1,234.56</c>.</summary>
    ThousandsSeparators,

    /// <summary>Another currency than the account's.</summary>
    OtherCurrency,

    /// <summary>500; the call after it is answered as usual.</summary>
    ServerError,
}
