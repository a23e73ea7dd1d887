namespace IngressController.Testing.Acme;

/// <summary>A path of the authority.</summary>
/// <param name="Id">Of the resource; empty where there is but one.</param>
/// <param name="Part">What follows it: the number of a chain, or of a page.</param>
internal sealed record AcmePath(AcmeEndpoint Endpoint, string Id = "", string Part = "")
{
    public bool TakesGet => Endpoint is AcmeEndpoint.Directory or AcmeEndpoint.NewNonce or AcmeEndpoint.RenewalInfo;

    /// <summary>Whether a message may carry its own key instead of an account's URL (RFC 8555 section 6.2).</summary>
    public bool TakesKey => Endpoint is AcmeEndpoint.NewAccount or AcmeEndpoint.RevokeCert;

    /// <summary>Whether nothing but POST-as-GET is taken (RFC 8555 section 6.3).</summary>
    public bool OnlyReads => Endpoint is AcmeEndpoint.Orders or AcmeEndpoint.Order or AcmeEndpoint.Certificate;

    public static AcmePath Of(string path, string page) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["directory"] => new(AcmeEndpoint.Directory),
        ["nonce"] => new(AcmeEndpoint.NewNonce),
        ["new-account"] => new(AcmeEndpoint.NewAccount),
        ["account", var id] => new(AcmeEndpoint.Account, id),
        ["account", var id, "orders"] => new(AcmeEndpoint.Orders, id, page),
        ["new-order"] => new(AcmeEndpoint.NewOrder),
        ["order", var id] => new(AcmeEndpoint.Order, id),
        ["order", var id, "finalize"] => new(AcmeEndpoint.Finalize, id),
        ["authorization", var id] => new(AcmeEndpoint.Authorization, id),
        ["challenge", var id] => new(AcmeEndpoint.Challenge, id),
        ["certificate", var id] => new(AcmeEndpoint.Certificate, id),
        ["certificate", var id, var chain] => new(AcmeEndpoint.Certificate, id, chain),
        ["revoke"] => new(AcmeEndpoint.RevokeCert),
        ["key-change"] => new(AcmeEndpoint.KeyChange),
        ["renewal", var id] => new(AcmeEndpoint.RenewalInfo, id),
        _ => new(AcmeEndpoint.Unknown),
    };
}
