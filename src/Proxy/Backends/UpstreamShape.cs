using System.Net;
using IngressController.Routing.Model;
using Yarp.ReverseProxy.Forwarder;

namespace IngressController.Proxy.Backends;

/// <summary>What a backend's requests look like on the wire. Where it changes, the backend is built anew; where only addresses change, it is not.</summary>
/// <param name="ByName">Some destination is a DNS name.</param>
internal readonly record struct UpstreamShape(BackendProtocol Protocol, bool ByName)
{
    public string Scheme => Protocol is BackendProtocol.Http or BackendProtocol.H2c ? "http" : "https";

    public static UpstreamShape Of(Backend backend)
    {
        foreach (var destination in backend.Destinations)
        {
            if (!IPAddress.TryParse(destination.Host, out _))
            {
                return new(backend.Protocol, true);
            }
        }

        return new(backend.Protocol, false);
    }

    public ForwarderRequestConfig RequestConfig(TimeSpan idleTimeout)
    {
        var (version, policy) = Protocol switch
        {
            BackendProtocol.Https => (HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower), // ALPN decides
            BackendProtocol.H2c or BackendProtocol.H2 => (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact),
            _ => (HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact),
        };
        return new() { Version = version, VersionPolicy = policy, ActivityTimeout = idleTimeout };
    }
}
