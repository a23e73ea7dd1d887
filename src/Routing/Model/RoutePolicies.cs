using IngressController.Routing.Translation;

namespace IngressController.Routing.Model;

public enum HttpsRedirect
{
    /// <summary>Requests in cleartext are served.</summary>
    Never,

    /// <summary>They are redirected if TLS is asked for for the host that they name.</summary>
    WithTls,

    /// <summary>They are redirected whatever the host: TLS may end in front of us.</summary>
    Always,
}

/// <summary>What a route asks beyond forwarding.</summary>
/// <param name="StrictTransportSecurity">The header's value in answers over TLS; null: what the backend says.</param>
/// <param name="MaxBodySize">Bytes of a request's body; null: the limit of the whole server.</param>
public sealed record RoutePolicies(HttpsRedirect Redirect, string? StrictTransportSecurity, long? MaxBodySize)
{
    /// <summary>What holds where nobody says anything else.</summary>
    public static RoutePolicies Of(TranslationOptions options) => new(options.RedirectsToHttps ? HttpsRedirect.WithTls : HttpsRedirect.Never, options.StrictTransportSecurity, null);

    public static RoutePolicies Default { get; } = new(HttpsRedirect.WithTls, null, null);
}
