using System.Net.Sockets;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Validation;

/// <summary>The rules for EndpointSlice (pkg/apis/discovery/validation) and for what is read of Endpoints (pkg/apis/core/validation).</summary>
internal static class EndpointRules
{
    private const int MaximumEndpoints = 1000;
    private const int MaximumAddresses = 100;
    private const int MaximumPorts = 100;

    public static void Check(EndpointSlice slice, FieldErrors errors)
    {
        MetadataRules.Check(slice.Metadata, isNamespaced: true, NameRules.DnsSubdomain, errors);
        switch (slice.AddressType)
        {
            case null or "":
                errors.Required(FieldPath.Root.Child("addressType"));
                break;
            case not ("IPv4" or "IPv6" or "FQDN"):
                errors.NotSupported(FieldPath.Root.Child("addressType"), slice.AddressType, "FQDN", "IPv4", "IPv6");
                break;
        }

        CheckEndpoints(slice, errors);
        CheckPorts(slice, errors);
    }

    public static void Check(Endpoints endpoints, FieldErrors errors)
    {
        MetadataRules.Check(endpoints.Metadata, isNamespaced: true, NameRules.DnsSubdomain, errors);
        foreach (var (index, subset) in endpoints.Subsets.OrZero().Index())
        {
            CheckSubset(subset, FieldPath.Root.Child("subsets").Index(index), errors);
        }
    }

    private static void CheckEndpoints(EndpointSlice slice, FieldErrors errors)
    {
        var path = FieldPath.Root.Child("endpoints");
        if (slice.Endpoints is { Count: > MaximumEndpoints })
        {
            errors.TooMany(path, slice.Endpoints.Count, MaximumEndpoints);
            return;
        }

        foreach (var (index, endpoint) in slice.Endpoints.OrZero().Index())
        {
            var addresses = path.Index(index).Child("addresses");
            var count = endpoint.Addresses?.Count ?? 0;
            if (count == 0)
            {
                errors.Required(addresses, "must contain at least 1 address");
            }
            else if (count > MaximumAddresses)
            {
                errors.TooMany(addresses, count, MaximumAddresses);
            }

            foreach (var (position, address) in endpoint.Addresses.OrZero().Index())
            {
                CheckAddress(address, slice.AddressType, addresses.Index(position), errors);
            }
        }
    }

    private static void CheckAddress(string address, string? type, FieldPath path, FieldErrors errors)
    {
        switch (type)
        {
            case "IPv4":
                AddressRules.Check(address, AddressFamily.InterNetwork, path, errors);
                break;
            case "IPv6":
                AddressRules.Check(address, AddressFamily.InterNetworkV6, path, errors);
                break;
            case "FQDN" when address.Length == 0:
                errors.Required(path);
                break;
            case "FQDN":
                errors.Invalid(path, address, NameRules.DnsSubdomain(address.EndsWith('.') ? address[..^1] : address));
                break;
        }
    }

    private static void CheckPorts(EndpointSlice slice, FieldErrors errors)
    {
        var path = FieldPath.Root.Child("ports");
        if (slice.Ports is { Count: > MaximumPorts })
        {
            errors.TooMany(path, slice.Ports.Count, MaximumPorts);
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, port) in slice.Ports.OrZero().Index())
        {
            var name = port.Name ?? "";
            if (name.Length > 0)
            {
                errors.Invalid(path.Index(index).Child("name"), name, NameRules.DnsLabel(name));
            }

            if (!names.Add(name))
            {
                errors.Duplicate(path.Index(index).Child("name"), GoText.Quote(name));
            }

            CheckPort(port, path.Index(index), errors);
        }
    }

    private static void CheckSubset(EndpointSubset subset, FieldPath path, FieldErrors errors)
    {
        var (ready, notReady) = (subset.Addresses.OrZero().ToList(), subset.NotReadyAddresses.OrZero().ToList());
        if (ready.Count + notReady.Count == 0)
        {
            errors.Required(path, "must specify `addresses` or `notReadyAddresses`");
        }

        foreach (var (field, addresses) in new[] { ("addresses", ready), ("notReadyAddresses", notReady) })
        {
            foreach (var (index, address) in addresses.Index())
            {
                AddressRules.Check(address.Ip ?? "", path.Child(field).Index(index).Child("ip"), errors);
            }
        }

        var isNameRequired = subset.Ports is { Count: > 1 };
        foreach (var (index, port) in subset.Ports.OrZero().Index())
        {
            var portPath = path.Child("ports").Index(index);
            if (port.Name.NullIfEmpty() is { } name)
            {
                errors.Invalid(portPath.Child("name"), name, NameRules.DnsLabel(name));
            }
            else if (isNameRequired)
            {
                errors.Required(portPath.Child("name"));
            }

            PortRules.CheckNumber(port.Port ?? 0, portPath.Child("port"), errors);
            CheckPort(port, portPath, errors);
        }
    }

    /// <summary>The port of a slice may be absent: then it means all ports. The API server does not look at its range; nothing can listen outside it.</summary>
    private static void CheckPort(EndpointPort port, FieldPath path, FieldErrors errors)
    {
        PortRules.CheckProtocol(port.Protocol, path.Child("protocol"), errors);
        PortRules.CheckAppProtocol(port.AppProtocol, path.Child("appProtocol"), errors);
    }
}
