using System.Net;

namespace IngressController.Proxy.Forwarding;

/// <summary>The peers whose forwarded headers are believed.</summary>
internal sealed class TrustedProxies(IEnumerable<IPNetwork> networks)
{
    private readonly IPNetwork[] networks = [.. networks];

    public bool Contains(IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
