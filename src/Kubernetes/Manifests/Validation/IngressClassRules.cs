using System.Text;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules for IngressClass (pkg/apis/networking/validation).</summary>
internal static class IngressClassRules
{
    private const int MaximumControllerBytes = 250;

    private static readonly FieldPath Spec = FieldPath.Root.Child("spec");

    public static void Check(IngressClass ingressClass, FieldErrors errors)
    {
        MetadataRules.Check(ingressClass.Metadata, isNamespaced: false, NameRules.DnsSubdomain, errors);
        CheckController(ingressClass.Spec?.Controller ?? "", Spec.Child("controller"), errors);
        if (ingressClass.Spec?.Parameters is { } parameters)
        {
            CheckParameters(parameters, Spec.Child("parameters"), errors);
        }
    }

    private static void CheckController(string controller, FieldPath path, FieldErrors errors)
    {
        if (controller.Length == 0)
        {
            errors.Required(path);
            return;
        }

        if (Encoding.UTF8.GetByteCount(controller) > MaximumControllerBytes)
        {
            errors.TooLong(path, MaximumControllerBytes);
        }

        if (controller.Split('/', 2) is not [{ Length: > 0 } domain, { Length: > 0 } rest])
        {
            errors.Invalid(path, controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }

        errors.Invalid(path, domain, NameRules.DnsSubdomain(domain));
        errors.Invalid(path, rest, NameRules.HttpPath(rest));
    }

    private static void CheckParameters(IngressClassParametersReference parameters, FieldPath path, FieldErrors errors)
    {
        IngressPathRules.CheckReference(parameters.ApiGroup, parameters.Kind, parameters.Name, path, errors);
        switch (parameters)
        {
            case { Scope: null or "Cluster", Namespace: null }:
                // Kubernetes 1.19 to 1.21 had no scope; since then the API defaults it to Cluster.
                break;
            case { Scope: null or "Cluster" }:
                errors.Forbidden(path.Child("namespace"), "`parameters.scope` is set to 'Cluster'");
                break;
            case { Scope: "Namespace", Namespace: null }:
                errors.Required(path.Child("namespace"), "`parameters.scope` is set to 'Namespace'");
                break;
            case { Scope: "Namespace", Namespace: { } @namespace }:
                errors.Invalid(path.Child("namespace"), @namespace, NameRules.DnsLabel(@namespace));
                break;
            default:
                errors.NotSupported(path.Child("scope"), parameters.Scope ?? "", "Cluster", "Namespace");
                break;
        }
    }
}
