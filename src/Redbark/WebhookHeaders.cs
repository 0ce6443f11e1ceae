namespace Redbark.Sync.Wire;

/// <summary>The headers of a webhook request (spec 1.1, 4.1). Names are case-insensitive.</summary>
public static class WebhookHeaders
{
    /// <summary><c>sha256=</c> and 64 hex digits.</summary>
    public const string Signature = "X-Redbark-Signature";

    /// <summary>When the signature was made: Unix seconds.</summary>
    public const string Timestamp = "X-Redbark-Timestamp";

    /// <summary>UUID, equal to the body's <c>id</c>.</summary>
    public const string DeliveryId = "X-Redbark-Delivery-Id";

    /// <summary>The signature of a thin event (spec 4.1): <c>t=…,v1=…</c>.</summary>
    public const string ThinEventSignature = "Redbark-Signature";

    /// <summary>What the sender calls itself.</summary>
    public const string UserAgentValue = "Redbark-Webhook/1.0";
}
