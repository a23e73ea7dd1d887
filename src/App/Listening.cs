using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IngressController.App;

internal enum Listener
{
    Http,
    Admin,
}

/// <summary>Where the program listens, once it does.</summary>
internal sealed record ListenAddresses(string Http, string Https, string Admin);

/// <summary>A port that the program was told to listen on cannot be had.</summary>
internal sealed class ListenException(Listener listener, Exception cause) : Exception(cause.Message, cause)
{
    public Listener Listener => listener;
}

/// <summary>Where the program listens.</summary>
internal static class Listening
{
    /// <param name="address">Null: all addresses of both families, or of IPv4 where the machine has no IPv6.</param>
    /// <param name="port">0: any free one.</param>
    public static void ListenOn(this KestrelServerOptions kestrel, IPAddress? address, int port, Action<ListenOptions> configure)
    {
        address ??= Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        kestrel.Listen(address, port, configure);
    }

    /// <summary>Where a started server listens, with the ports that the system chose.</summary>
    public static string AddressesOf(IServer server) => string.Join(", ", server.Features.Get<IServerAddressesFeature>()!.Addresses);

    /// <param name="server">The public one.</param>
    public static ListenAddresses AddressesOf(IServer server, string admin)
    {
        var byScheme = server.Features.Get<IServerAddressesFeature>()!.Addresses.ToLookup(address => address.StartsWith("https:", StringComparison.Ordinal));
        return new(string.Join(", ", byScheme[false]), string.Join(", ", byScheme[true]), admin);
    }

    /// <summary>What somebody can do about ports that cannot be had, one line each; empty where the failure is of another kind.</summary>
    public static IReadOnlyList<string> Explain(Exception failure, RunOptions options) => failure switch
    {
        AggregateException several when several.InnerExceptions.All(one => Explain(one, options).Count > 0) =>
            [.. several.InnerExceptions.SelectMany(one => Explain(one, options))],
        ListenException { Listener: Listener.Admin } => [Explain("--admin-port", options.AdminPort, failure, options)],
        IOException or SocketException when IsOfHttps(failure, options) => [Explain("--https-port", options.HttpsPort, failure, options)],
        IOException or SocketException => [Explain("--http-port", options.HttpPort, failure, options)],
        _ => [],
    };

    /// <summary>Kestrel names the address that it could not bind, and nothing else.</summary>
    private static bool IsOfHttps(Exception failure, RunOptions options) => failure.Message.Contains($":{options.HttpsPort}:", StringComparison.Ordinal) || failure.Message.Contains("https:", StringComparison.Ordinal);

    private static string Explain(string flag, int port, Exception failure, RunOptions options) => ErrorOf(failure) switch
    {
        SocketError.AddressAlreadyInUse => $"{flag}: port {port} is in use by another program",
        SocketError.AccessDenied => $"{flag}: port {port} may not be used without privileges",
        SocketError.AddressNotAvailable => $"--bind-address: this machine does not have the address {options.BindAddress}",
        _ => $"{flag}: cannot listen on port {port}: {failure.Message}",
    };

    private static SocketError? ErrorOf(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }
}
