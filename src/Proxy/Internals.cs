using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Quic;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy;

/// <summary>
/// Every use of something that YARP 2.1.0 or Kestrel 10 does not offer publicly. <see cref="Verify"/> runs at start, so that an upgrade that moves
/// one of them is told at once and by name instead of failing requests.
/// </summary>
internal static class Internals
{
    private const string AtomicCounter = "Yarp.ReverseProxy.Utilities.AtomicCounter, Yarp.ReverseProxy";
    private const string HttpProtocolsFeature = "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.HttpProtocolsFeature";

    /// <summary>What nobody reads or writes.</summary>
    private static readonly ConcurrentDictionary<string, DestinationState> NoDestinations = new();

    private static readonly Type? ProtocolsFeatureType = typeof(KestrelServer).Assembly.GetType(HttpProtocolsFeature);

    private static readonly object? Http2Only = CreateProtocolsFeature(HttpProtocols.Http2);

    /// <exception cref="InvalidOperationException">YARP or Kestrel is not the version that this file was written for.</exception>
    public static void Verify()
    {
        if (Http2Only is null)
        {
            throw Moved("Kestrel", $"{HttpProtocolsFeature}(HttpProtocols)", typeof(KestrelServer));
        }

        try
        {
            var destination = new DestinationState("self-test");
            RequestStarted(destination);
            var counted = destination.ConcurrentRequestCount == 1;
            RequestEnded(destination);
            ForgetUnusedDestinations(new("self-test"));
            if (counted && destination.ConcurrentRequestCount == 0)
            {
                return;
            }
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException or InvalidCastException)
        {
            throw Moved("YARP", "DestinationState.ConcurrencyCounter or ClusterState.Destinations", typeof(DestinationState), e);
        }

        throw Moved("YARP", "DestinationState.ConcurrencyCounter", typeof(DestinationState));
    }

    /// <summary>Counts a request that is on its way; the public setter of the count is no atomic increment.</summary>
    public static void RequestStarted(DestinationState destination) => Increment(ConcurrencyCounter(destination));

    public static void RequestEnded(DestinationState destination) => Decrement(ConcurrencyCounter(destination));

    /// <summary>
    /// YARP gives each cluster a table for its own discovery of destinations, which nothing here uses: at 10,000 backends, 5 MB. Requests go by
    /// <see cref="ClusterState.DestinationsState"/>.
    /// </summary>
    public static void ForgetUnusedDestinations(ClusterState cluster) => UnusedDestinations(cluster) = NoDestinations;

    /// <summary>Makes Kestrel's HTTP middleware speak HTTP/2 on this connection, whatever the endpoint's protocols are.</summary>
    public static void SpeakHttp2(IFeatureCollection connection) => connection[ProtocolsFeatureType!] = Http2Only;

    /// <summary>Requests at a time on one connection over QUIC. Public, but marked as a preview, which code that is none may not use.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_MaxBidirectionalStreamCount")]
    public static extern void LimitRequests(QuicTransportOptions quic, int most);

    /// <summary>Whether <see cref="SpeakHttp2"/> was asked for.</summary>
    public static bool SpeaksHttp2(IFeatureCollection connection) => ReferenceEquals(connection[ProtocolsFeatureType!], Http2Only);

    private static object? CreateProtocolsFeature(HttpProtocols protocols)
    {
        const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        return ProtocolsFeatureType?.GetConstructor(AnyInstance, [typeof(HttpProtocols)])?.Invoke([protocols]);
    }

    private static InvalidOperationException Moved(string product, string member, Type home, Exception? cause = null) =>
        new($"{product} {home.Assembly.GetName().Version} does not have {member} as this program needs it; use the version that it was built for", cause);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Destinations>k__BackingField")]
    private static extern ref ConcurrentDictionary<string, DestinationState> UnusedDestinations(ClusterState cluster);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ConcurrencyCounter")]
    [return: UnsafeAccessorType(AtomicCounter)]
    private static extern object ConcurrencyCounter(DestinationState destination);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Increment")]
    private static extern int Increment([UnsafeAccessorType(AtomicCounter)] object counter);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Decrement")]
    private static extern int Decrement([UnsafeAccessorType(AtomicCounter)] object counter);
}
