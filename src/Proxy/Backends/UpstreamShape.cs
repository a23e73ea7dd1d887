using System.Net;
using IngressController.Proxy.Forwarding;
using IngressController.Routing.Model;
using Yarp.ReverseProxy.Forwarder;

namespace IngressController.Proxy.Backends;

/// <summary>What a backend's requests look like on the wire. Where it changes, the backend is built anew; where only addresses change, it is not.</summary>
/// <param name="ByName">Some destination is a DNS name.</param>
/// <param name="Tls">Null where the protocol is without TLS, or there is no destination.</param>
internal sealed record UpstreamShape(BackendProtocol Protocol, bool ByName, UpstreamIdentity? Tls)
{
    /// <summary>TLS is the connector's affair. The scheme says it only where the backend sees it: in HTTP/2's <c>:scheme</c>. Else it would divide the connections by Host.</summary>
    public string Scheme => Protocol == BackendProtocol.H2 ? "https" : "http";

    private bool IsHttp2 => Protocol is BackendProtocol.H2c or BackendProtocol.H2;

    /// <exception cref="InvalidOperationException">TLS is asked for, but not how: cleartext would be the wrong answer.</exception>
    public static UpstreamShape Of(Backend backend)
    {
        var isCleartext = backend.Protocol is BackendProtocol.Http or BackendProtocol.H2c;
        if (!isCleartext && backend.Tls is null && !backend.Destinations.IsEmpty)
        {
            throw new InvalidOperationException($"backend {backend.Key} speaks {backend.Protocol} but has no identity");
        }

        var byName = false;
        foreach (var destination in backend.Destinations)
        {
            byName |= !IPAddress.TryParse(destination.Host, out _);
        }

        return new(backend.Protocol, byName, isCleartext ? null : backend.Tls);
    }

    public UpstreamSetting Setting(UpstreamPolicy policy) => new(UpstreamSetting.Rounded(policy.ConnectTimeout), ByName, IsHttp2, Tls, policy.ProxyProtocol);

    public ForwarderRequestConfig RequestConfig(TimeSpan idleTimeout)
    {
        var version = IsHttp2 ? HttpVersion.Version20 : HttpVersion.Version11;
        return new() { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = idleTimeout };
    }
}
