using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules that all kinds of ports share.</summary>
internal static class PortRules
{
    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void CheckNumber(int number, FieldPath path, FieldErrors errors)
    {
        if (number is < 1 or > 65535)
        {
            errors.Invalid(path, number, "must be between 1 and 65535, inclusive");
        }
    }

    public static void CheckNumberOrName(IntOrString port, FieldPath path, FieldErrors errors)
    {
        if (port.Text is { } name)
        {
            errors.Invalid(path, name, NameRules.PortName(name));
        }
        else
        {
            CheckNumber(port.Number, path, errors);
        }
    }

    public static void CheckProtocol(string? protocol, FieldPath path, FieldErrors errors)
    {
        if (!string.IsNullOrEmpty(protocol) && !Protocols.Contains(protocol, StringComparer.Ordinal))
        {
            errors.NotSupported(path, protocol, Protocols);
        }
    }

    public static void CheckAppProtocol(string? appProtocol, FieldPath path, FieldErrors errors)
    {
        if (appProtocol is not null)
        {
            errors.Invalid(path, appProtocol, NameRules.QualifiedName(appProtocol));
        }
    }
}
