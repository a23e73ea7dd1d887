namespace IngressController.Certificates;

/// <summary>Object identifiers that certificates and keys name things with.</summary>
internal static class Oids
{
    public const string Rsa = "1.2.840.113549.1.1.1";
    public const string EllipticCurve = "1.2.840.10045.2.1";
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    public const string AnyUsage = "2.5.29.37.0";
    public const string RsaWithSha1 = "1.2.840.113549.1.1.5";
    public const string EcdsaWithSha1 = "1.2.840.10045.4.1";

    /// <summary>Of a key that is not served.</summary>
    public static string NameOf(string algorithm) => algorithm switch
    {
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.10040.4.1" => "DSA",
        _ => algorithm,
    };
}
