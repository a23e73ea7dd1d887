using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules for Ingress (pkg/apis/networking/validation), as at creation: a manifest has no older version that excuses it.</summary>
internal static class IngressRules
{
    private const string ClassAnnotation = "kubernetes.io/ingress.class";

    private static readonly FieldPath Spec = FieldPath.Root.Child("spec");

    public static void Check(Ingress ingress, FieldErrors errors)
    {
        MetadataRules.Check(ingress.Metadata, isNamespaced: true, NameRules.DnsSubdomain, errors);
        var spec = ingress.Spec ?? new IngressSpec();
        if (spec.Rules is not { Count: > 0 } && spec.DefaultBackend is null)
        {
            var rules = spec.Rules is null ? "[]networking.IngressRule(nil)" : "[]networking.IngressRule{}";
            errors.Add(Spec, $"Invalid value: {rules}: either `defaultBackend` or `rules` must be specified");
        }

        if (spec.DefaultBackend is { } backend)
        {
            IngressPathRules.CheckBackend(backend, Spec.Child("defaultBackend"), errors);
        }

        foreach (var (index, rule) in spec.Rules.OrZero().Index())
        {
            CheckRule(rule, Spec.Child("rules").Index(index), errors);
        }

        foreach (var (index, tls) in spec.Tls.OrZero().Index())
        {
            CheckTls(tls, Spec.Child("tls").Index(index), errors);
        }

        if (spec.IngressClassName is { } className)
        {
            errors.Invalid(Spec.Child("ingressClassName"), className, NameRules.DnsSubdomain(className));
            CheckClassAnnotation(ingress.Metadata, className, errors);
        }
    }

    private static void CheckRule(IngressRule rule, FieldPath path, FieldErrors errors)
    {
        if (rule.Host.NullIfEmpty() is { } host)
        {
            if (AddressRules.Parse(host) is not null)
            {
                errors.Invalid(path.Child("host"), host, "must be a DNS name, not an IP address");
            }

            errors.Invalid(
                path.Child("host"), host, host.Contains('*', StringComparison.Ordinal) ? NameRules.Wildcard(host) : NameRules.DnsSubdomain(host), cure: HostCure(host));
        }

        if (rule.Http is not { } http)
        {
            return;
        }

        var paths = path.Child("http").Child("paths");
        if (http.Paths is not { Count: > 0 })
        {
            errors.Required(paths);
        }

        foreach (var (index, item) in http.Paths.OrZero().Index())
        {
            IngressPathRules.Check(item, paths.Index(index), errors);
        }
    }

    private static string HostCure(string host) =>
        host == "*" ? "Leave the host out to mean any host"
        : host.Contains("//", StringComparison.Ordinal) ? "Write the host without scheme and path"
        : host.Contains(':', StringComparison.Ordinal) ? "Write the host without port"
        : host.Any(character => character > '\x7f') ? "Write it in its xn-- form (IDNA)"
        : host.Any(char.IsAsciiLetterUpper) ? "Write it in lower case"
        : "";

    private static void CheckTls(IngressTLS tls, FieldPath path, FieldErrors errors)
    {
        foreach (var (index, host) in tls.Hosts.OrZero().Index())
        {
            errors.Invalid(path.Child("hosts").Index(index), host, host.Contains('*', StringComparison.Ordinal) ? NameRules.Wildcard(host) : NameRules.DnsSubdomain(host));
        }

        if (tls.SecretName.NullIfEmpty() is { } secretName)
        {
            errors.Invalid(path.Child("secretName"), secretName, NameRules.DnsSubdomain(secretName));
        }
    }

    private static void CheckClassAnnotation(ObjectMeta? meta, string className, FieldErrors errors)
    {
        if (meta?.Annotations is { } annotations && annotations.TryGetValue(ClassAnnotation, out var value) && (value ?? "") != className)
        {
            errors.Invalid(
                FieldPath.Root.Child("annotations").Child(ClassAnnotation),
                value ?? "",
                "must match `ingressClassName` when both are specified",
                at: FieldPath.Root.Child("metadata").Child("annotations").Child(ClassAnnotation));
        }
    }
}
