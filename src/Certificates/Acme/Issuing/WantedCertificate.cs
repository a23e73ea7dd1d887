using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>A certificate that Ingresses ask for and that may be ordered.</summary>
/// <param name="Secret">Where it goes.</param>
/// <param name="Hosts">In order, each once; lower case, with <c>*.</c> for wildcards.</param>
/// <param name="TakesOver">It may replace a Secret that somebody else made.</param>
/// <param name="Askers">Oldest first.</param>
internal sealed record WantedCertificate(NamespacedName Secret, EquatableArray<string> Hosts, Issuer Issuer, bool TakesOver, EquatableArray<Asker> Askers)
{
    /// <summary>The same certificate, whoever asks for it.</summary>
    public bool IsAs(WantedCertificate other) => other.Secret == Secret && other.Issuer == Issuer && other.Hosts == Hosts;

    /// <summary>The order does what is wanted here.</summary>
    public bool IsMeantBy(OrderRecord order) => order.Secret == Secret && order.Issuer == Issuer.Name && order.Hosts == Hosts;
}

/// <summary>An entry of <c>spec.tls</c> that asks for a certificate.</summary>
/// <param name="Field"><c>spec.tls[0]</c>.</param>
internal sealed record Asker(NamespacedName Ingress, string Field)
{
    /// <param name="secret">Of the certificate; null where none is named.</param>
    public Problem Problem(ProblemCode code, Severity severity, NamespacedName? secret, string message, string cure) =>
        new(code, severity, new(ResourceKind.Ingress, Ingress), Field, message, cure, Certificate: secret);
}

/// <summary>A certificate that Ingresses ask for and that is not ordered.</summary>
/// <param name="Why">One sentence without a full stop.</param>
internal sealed record RefusedCertificate(NamespacedName Secret, EquatableArray<string> Hosts, string Why);

/// <summary>Why something is not ordered.</summary>
/// <param name="Why">One sentence without a full stop.</param>
/// <param name="Cure">As of <see cref="Cluster.Problem"/>.</param>
internal sealed record Refusal(string Why, string Cure);
