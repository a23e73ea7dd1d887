namespace IngressController.Certificates.Acme;

/// <summary>What Ingresses say about certificates by ACME, and what is noted on the Secrets that we make.</summary>
public static class AcmeAnnotations
{
    /// <summary>On an Ingress: <c>"true"</c> asks for certificates for all of its TLS. The field's common name, which kube-lego introduced.</summary>
    public const string Wanted = "kubernetes.io/tls-acme";

    /// <summary>On an Ingress: the name of an issuer. Asks for certificates too. On a Secret that we made: who issued its certificate.</summary>
    public const string Issuer = "yarp.ingress.kubernetes.io/acme-issuer";

    /// <summary>On an Ingress: <c>"true"</c> lets us renew Secrets that somebody else made.</summary>
    public const string TakeOver = "yarp.ingress.kubernetes.io/acme-take-over";

    /// <summary>On a Secret: who made it.</summary>
    public const string Owner = "yarp.ingress.kubernetes.io/acme-owner";

    /// <summary>On a Secret: the directory of the authority that issued its certificate. An issuer may move from the staging directory to that of production.</summary>
    public const string Directory = "yarp.ingress.kubernetes.io/acme-directory";

    /// <summary>On a Secret: the serial number of its certificate, hexadecimal.</summary>
    public const string Serial = "yarp.ingress.kubernetes.io/acme-serial";

    /// <summary>On a Secret: when its certificate ends, ISO 8601.</summary>
    public const string Expiry = "yarp.ingress.kubernetes.io/acme-expiry";

    /// <summary>On a Secret that we made: a reason of RFC 5280 section 5.3.1 (<c>keyCompromise</c>) revokes its certificate and obtains another.</summary>
    public const string Revoke = "yarp.ingress.kubernetes.io/acme-revoke";

    /// <summary>On the Secret with the state: the name of an issuer, whose account gets a new key.</summary>
    public const string RollOver = "yarp.ingress.kubernetes.io/acme-roll-over";
}
