using System.Net;
using System.Net.Sockets;

namespace IngressController.Routing.Model;

/// <summary>Addresses that mean the proxy's own machine or link. A name from an ExternalName Service must not lead there: it would reach what only the proxy can reach.</summary>
public static class LocalAddresses
{
    public static bool Contains(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(address))
        {
            return true;
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any);
        }

        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return bytes is [0, ..] or [127, ..] or [169, 254, ..] or [>= 224, ..];
    }
}
