using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules for the parts of a Service that are read here (pkg/apis/core/validation).</summary>
internal static class ServiceRules
{
    private const int MaximumAffinitySeconds = 86400;

    private static readonly FieldPath Spec = FieldPath.Root.Child("spec");

    public static void Check(Service service, FieldErrors errors)
    {
        MetadataRules.Check(service.Metadata, isNamespaced: true, NameRules.Dns1035Label, errors);
        var spec = service.Spec ?? new ServiceSpec();
        CheckType(spec, errors);
        CheckPorts(spec, errors);
        CheckAffinity(spec, errors);
        foreach (var (index, family) in spec.IpFamilies.OrZero().Index().Where(item => item.Item is not ("IPv4" or "IPv6")))
        {
            errors.NotSupported(Spec.Child("ipFamilies").Index(index), family, "IPv4", "IPv6");
        }

        foreach (var (index, ip) in spec.ExternalIPs.OrZero().Index().Where(item => AddressRules.Parse(item.Item) is null))
        {
            errors.Invalid(Spec.Child("externalIPs").Index(index), ip, AddressRules.NotAnAddress);
        }
    }

    private static void CheckType(ServiceSpec spec, FieldErrors errors)
    {
        switch (spec.Type)
        {
            case null or "" or "ClusterIP":
                break;
            case "NodePort" or "LoadBalancer":
                if (IsHeadless(spec))
                {
                    errors.Invalid(Spec.Child("clusterIPs").Index(0), "None", $"may not be set to 'None' for {spec.Type} services");
                }

                break;
            case "ExternalName":
                CheckExternalName(spec.ExternalName ?? "", Spec.Child("externalName"), errors);
                break;
            default:
                errors.NotSupported(Spec.Child("type"), spec.Type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
                break;
        }
    }

    private static void CheckExternalName(string name, FieldPath path, FieldErrors errors)
    {
        // A trailing dot says that the name is fully qualified.
        var target = name.EndsWith('.') ? name[..^1] : name;
        if (target.Length == 0)
        {
            errors.Required(path);
        }
        else
        {
            errors.Invalid(path, target, NameRules.DnsSubdomain(target));
        }
    }

    private static void CheckPorts(ServiceSpec spec, FieldErrors errors)
    {
        var path = Spec.Child("ports");
        var ports = spec.Ports.OrZero().ToList();
        if (ports.Count == 0 && !IsHeadless(spec) && spec.Type != "ExternalName")
        {
            errors.Required(path);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(string, int)>();
        foreach (var (index, port) in ports.Index())
        {
            CheckPort(port, isNameRequired: ports.Count > 1, isHeadless: IsHeadless(spec), names, path.Index(index), errors);
            var protocol = port.Protocol.NullIfEmpty() ?? "TCP";
            if (!numbers.Add((protocol, port.Port ?? 0)))
            {
                errors.Duplicate(
                    path.Index(index),
                    $"core.ServicePort{{Name:\"\", Protocol:{GoText.Quote(protocol)}, AppProtocol:(*string)(nil), Port:{port.Port ?? 0}, TargetPort:intstr.IntOrString{{Type:0, IntVal:0, StrVal:\"\"}}, NodePort:0}}");
            }
        }
    }

    private static void CheckPort(ServicePort port, bool isNameRequired, bool isHeadless, HashSet<string> names, FieldPath path, FieldErrors errors)
    {
        if (port.Name.NullIfEmpty() is { } name)
        {
            errors.Invalid(path.Child("name"), name, NameRules.DnsLabel(name));
            if (!names.Add(name))
            {
                errors.Duplicate(path.Child("name"), GoText.Quote(name));
            }
        }
        else if (isNameRequired)
        {
            errors.Required(path.Child("name"));
        }

        PortRules.CheckNumber(port.Port ?? 0, path.Child("port"), errors);
        PortRules.CheckProtocol(port.Protocol, path.Child("protocol"), errors);
        PortRules.CheckAppProtocol(port.AppProtocol, path.Child("appProtocol"), errors);
        if (port.TargetPort is { IsZero: false } target && !isHeadless)
        {
            PortRules.CheckNumberOrName(target, path.Child("targetPort"), errors);
        }
    }

    private static void CheckAffinity(ServiceSpec spec, FieldErrors errors)
    {
        if (spec.SessionAffinity is not (null or "" or "None" or "ClientIP"))
        {
            errors.NotSupported(Spec.Child("sessionAffinity"), spec.SessionAffinity, "ClientIP", "None");
        }

        if (spec.SessionAffinity == "ClientIP" && spec.SessionAffinityConfig?.ClientIP?.TimeoutSeconds is { } seconds and (<= 0 or > MaximumAffinitySeconds))
        {
            errors.Invalid(
                Spec.Child("sessionAffinityConfig").Child("clientIP").Child("timeoutSeconds"),
                seconds,
                $"must be greater than 0 and less than {MaximumAffinitySeconds}");
        }
    }

    private static bool IsHeadless(ServiceSpec spec) => spec.AllClusterIPs().FirstOrDefault() == "None";
}
