using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace IngressController.Proxy.Limits;

/// <summary>
/// Ends HTTP/2 connections on which nothing is asked. Kestrel does so itself, but lets every PING begin the time anew, with which gRPC's clients hold a connection for ever:
/// those get a GOAWAY here, as from nginx and Envoy, and come again when they have something to ask.
/// </summary>
/// <remarks>
/// What is still open after that has an answer which the window of its stream does not let out. It waits in Kestrel; small ones are all there, so their requests are over and
/// nothing of ours waits, and where they came in more than one part, Kestrel's own limit does not see them either. Their connection is cut.
/// </remarks>
internal sealed class IdleConnections(IOptions<ProxyOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(3); // of Kestrel, which looks once a second and adds one, and goes first where there are no PINGs

    private readonly LimitOptions limits = options.Value.Limits;

    /// <summary>Just before the requests, when it is known which version of HTTP they come by.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        var features = connection.Features;
        if (!IsHttp2(features) || features.Get<ConnectionRequests>() is not { } requests || features.Get<IConnectionHeartbeatFeature>() is not { } heart)
        {
            await next(connection);
            return;
        }

        requests.Await();
        var idleness = new Idleness(connection, requests, limits.KeepAliveTimeout + Lateness, limits.WriteTimeout + Lateness, time);
        heart.OnHeartbeat(static idleness => ((Idleness)idleness).Look(), idleness);
        try
        {
            await next(connection);
        }
        finally
        {
            EndedConnections.Explain(features, idleness.Limit);
        }
    };

    private static bool IsHttp2(IFeatureCollection connection) =>
        Internals.SpeaksHttp2(connection) || connection.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol.Span.SequenceEqual("h2"u8) == true;

    /// <summary>Of one connection.</summary>
    private sealed class Idleness(ConnectionContext connection, ConnectionRequests requests, TimeSpan longest, TimeSpan grace, TimeProvider time)
    {
        private volatile bool isAskedToClose;
        private volatile bool isCutOff;
        private long asked;

        /// <summary>What the connection was ended for; null where it was not.</summary>
        public Limit? Limit => isCutOff ? Limits.Limit.WriteTimeout : isAskedToClose ? Limits.Limit.KeepAliveTimeout : null;

        /// <summary>Once a second.</summary>
        public void Look()
        {
            if (isCutOff || !requests.AreOverFor(longest))
            {
                return;
            }

            if (!isAskedToClose)
            {
                (isAskedToClose, asked) = (true, time.GetTimestamp());
                connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose(); // GOAWAY, and the end when no answer waits
            }
            else if (time.GetElapsedTime(asked) >= grace)
            {
                isCutOff = true;
                connection.Abort(new ConnectionAbortedException("The client does not take what waits for it."));
            }
        }
    }
}
