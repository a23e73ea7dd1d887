using System.Globalization;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Testing;

/// <summary>Objects of a cluster in one line each.</summary>
public static class Make
{
    /// <summary>The class that <see cref="IngressClass()"/> declares.</summary>
    public const string ClassName = "yarp";

    public static IngressClass IngressClass(string name = ClassName, string controller = "yarp.ingress.kubernetes.io/controller", bool isDefault = false, int age = 0) =>
        new(Metadata(name, age), controller, isDefault);

    /// <param name="name"><c>namespace/name</c>, or a name in <c>default</c>.</param>
    /// <param name="age">Higher is older.</param>
    public static Ingress Ingress(string name, int age = 0, string? className = ClassName) =>
        new(Metadata(InDefault(name), age), className, null, [], [], []);

    /// <param name="paths"><c>Prefix /cart cart:80</c>: type, path, and backend as Service:port; or <c>Prefix /cart</c> for the backend <c>web:80</c>.</param>
    public static Ingress WithRule(this Ingress ingress, string? host, params string[] paths) =>
        ingress with { Rules = [.. ingress.Rules, new IngressRule(host, paths.Select(Path).ToEquatableArray())] };

    public static Ingress WithDefault(this Ingress ingress, string backend) => ingress with { DefaultBackend = Backend(backend) };

    public static Ingress Annotated(this Ingress ingress, string name, string value) => ingress with
    {
        Metadata = ingress.Metadata with { Annotations = ingress.Metadata.Annotations.Append(KeyValuePair.Create(name, value)).ToEquatableMap() },
    };

    /// <param name="ports"><c>80</c>, <c>http:80</c>, or <c>http:80:kubernetes.io/h2c</c> with the appProtocol.</param>
    public static Service Service(string name, params string[] ports) =>
        new(Metadata(InDefault(name)), ServiceType.ClusterIP, ports.Select(Port).ToEquatableArray(), [], [], null, null, [], []);

    public static Service ExternalName(string name, string target, params string[] ports) =>
        Service(name, ports) with { Type = ServiceType.ExternalName, ExternalName = target };

    /// <summary>A slice of ready endpoints of the Service.</summary>
    /// <param name="port"><c>8080</c> or <c>http:8080</c>.</param>
    public static EndpointSlice Slice(string service, string port, params string[] addresses) =>
        SliceOf(service, port, [.. addresses.Select(address => Endpoint(address))]);

    public static EndpointSlice SliceOf(string service, string port, params Endpoint[] endpoints)
    {
        var (@namespace, name) = Split(service);
        var (portName, number) = port.Split(':') is [var first, var second] ? (first, second) : ("", port);
        var type = endpoints.Any(endpoint => endpoint.Address.Contains(':')) ? AddressType.IPv6 : AddressType.IPv4;
        return new(
            new Metadata(@namespace, $"{name}-{portName}{number}-{type.ToString().ToLowerInvariant()}"),
            name,
            type,
            [new EndpointPort(portName, Number(number), "TCP", null)],
            endpoints.ToEquatableArray());
    }

    public static EndpointSlice Named(this EndpointSlice slice, string name) =>
        slice with { Metadata = slice.Metadata with { Name = slice.Metadata.Name with { Name = name } } };

    public static Endpoint Endpoint(
        string address, bool ready = true, bool serving = true, bool terminating = false, string? forZone = null, string? forNode = null) =>
        new(address, ready, serving, terminating, null, null, forZone is null ? [] : [forZone], forNode is null ? [] : [forNode]);

    public static Namespace Namespace(string name, bool terminating = false) => new(Metadata(name) with { IsTerminating = terminating });

    public static IEnumerable<ResourceChange> Changes(params IEnumerable<IResource> resources) =>
        resources.Select(resource => new ResourceChange(resource.Key, resource));

    private static Metadata Metadata(string name, int age = 0)
    {
        var (@namespace, local) = name.Split('/') is [var first, var second] ? (first, second) : ("", name);
        return new Metadata(@namespace, local) with { CreationTimestamp = DateTimeOffset.UnixEpoch.AddYears(50).AddSeconds(-age) };
    }

    private static IngressPath Path(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(parts[1] == "-" ? null : parts[1], Enum.Parse<PathType>(parts[0]), Backend(parts.Length > 2 ? parts[2] : "web:80"));
    }

    private static IngressBackend Backend(string text)
    {
        var (name, port) = text.Split(':') is [var first, var second] ? (first, second) : (text, "80");
        return new(new(name, int.TryParse(port, out var number) ? new(null, number) : new(port, 0)), null);
    }

    private static ServicePort Port(string text) => text.Split(':', 3) switch
    {
        [var number] => new("", Number(number), "TCP", null),
        [var name, var number] => new(name, Number(number), "TCP", null),
        [var name, var number, var protocol] => new(name, Number(number), "TCP", protocol),
        _ => throw new FormatException(text),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string InDefault(string name) => name.Contains('/') ? name : $"default/{name}";

    private static (string Namespace, string Name) Split(string name) =>
        InDefault(name).Split('/') is [var @namespace, var local] ? (@namespace, local) : throw new FormatException(name);
}
