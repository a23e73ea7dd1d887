using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace IngressController.Testing;

/// <summary>An IPv4 address of this machine that may stand in an EndpointSlice: API servers refuse loopback and link-local ones there.</summary>
public static class OwnAddress
{
    public static IPAddress Value { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .First(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address) && address.GetAddressBytes() is not [169, 254, ..]);
}
