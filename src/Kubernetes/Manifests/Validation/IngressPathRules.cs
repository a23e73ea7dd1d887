using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules for the paths and backends of an Ingress.</summary>
internal static class IngressPathRules
{
    private static readonly string[] InvalidSequences = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] InvalidEnds = ["/..", "/."];

    public static void Check(HTTPIngressPath item, FieldPath path, FieldErrors errors)
    {
        var (field, text) = (path.Child("path"), item.Path ?? "");
        switch (item.PathType)
        {
            case null:
                errors.Required(path.Child("pathType"), "pathType must be specified");
                return;
            case "Exact" or "Prefix":
                CheckAbsolute(text, field, errors);
                CheckSequences(text, field, errors);
                break;
            case "ImplementationSpecific":
                if (text.Length > 0)
                {
                    CheckAbsolute(text, field, errors);
                }

                break;
            default:
                errors.NotSupported(path.Child("pathType"), item.PathType, "Exact", "ImplementationSpecific", "Prefix");
                break;
        }

        CheckBackend(item.Backend ?? new IngressBackend(), path.Child("backend"), errors);
    }

    public static void CheckBackend(IngressBackend backend, FieldPath path, FieldErrors errors)
    {
        switch (backend)
        {
            case { Service: not null, Resource: not null }:
                errors.Invalid(path, "", "cannot set both resource and service backends");
                break;
            case { Resource: { } resource }:
                CheckReference(resource.ApiGroup, resource.Kind, resource.Name, path.Child("resource"), errors);
                break;
            case { Service: { } service }:
                CheckService(service, path, errors);
                break;
            default:
                errors.Invalid(path, "", "resource or service backend is required");
                break;
        }
    }

    /// <summary>The rules for a reference to an object of any kind.</summary>
    public static void CheckReference(string? apiGroup, string? kind, string? name, FieldPath path, FieldErrors errors)
    {
        if (apiGroup is not null)
        {
            errors.Invalid(path.Child("apiGroup"), apiGroup, NameRules.DnsSubdomain(apiGroup));
        }

        foreach (var (field, value) in new[] { ("kind", kind), ("name", name) })
        {
            if (string.IsNullOrEmpty(value))
            {
                errors.Required(path.Child(field));
            }
            else
            {
                errors.Invalid(path.Child(field), value, NameRules.PathSegment(value));
            }
        }
    }

    private static void CheckAbsolute(string text, FieldPath field, FieldErrors errors)
    {
        if (!text.StartsWith('/'))
        {
            errors.Invalid(field, text, "must be an absolute path");
        }
    }

    private static void CheckSequences(string text, FieldPath field, FieldErrors errors)
    {
        errors.Invalid(field, text, InvalidSequences.Where(part => text.Contains(part, StringComparison.Ordinal)).Select(part => $"must not contain '{part}'"));
        errors.Invalid(field, text, InvalidEnds.Where(end => text.EndsWith(end, StringComparison.Ordinal)).Select(end => $"cannot end with '{end}'"));
    }

    private static void CheckService(IngressServiceBackend service, FieldPath path, FieldErrors errors)
    {
        var (name, port) = (path.Child("service").Child("name"), path.Child("service").Child("port"));
        if (string.IsNullOrEmpty(service.Name))
        {
            errors.Required(name);
        }
        else
        {
            errors.Invalid(name, service.Name, NameRules.Dns1035Label(service.Name));
        }

        switch (service.Port?.Name.NullIfEmpty(), service.Port?.Number ?? 0)
        {
            case (null, 0):
                errors.Required(path, "port name or number is required");
                break;
            case (null, var number):
                PortRules.CheckNumber(number, port.Child("number"), errors);
                break;
            case ({ } portName, 0):
                errors.Invalid(port.Child("name"), portName, NameRules.PortName(portName));
                break;
            default:
                errors.Invalid(path, "", "cannot set both port name & port number");
                break;
        }
    }
}
