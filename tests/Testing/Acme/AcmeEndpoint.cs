namespace IngressController.Testing.Acme;

/// <summary>What a request to a certificate authority is for.</summary>
public enum AcmeEndpoint
{
    Unknown,
    Directory,
    NewNonce,
    NewAccount,
    Account,
    Orders,
    NewOrder,
    Order,
    Authorization,
    Challenge,
    Finalize,
    Certificate,
    RevokeCert,
    KeyChange,
    RenewalInfo,
}

/// <summary>A moment in which a test can stop the world.</summary>
/// <param name="IsDone">The request has been carried out and only its answer has not left; else nobody has looked at it.</param>
public sealed record AcmeStep(AcmeEndpoint Endpoint, bool IsDone);
