using System.Net;
using System.Net.Sockets;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Forwarding;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Observing;
using IngressController.Proxy.Observing.Traffic;
using IngressController.Proxy.Pipeline;
using IngressController.Proxy.Streams;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Listening;

/// <summary>
/// Carries connections whose host is passed through to a destination of its backend, as they came: nothing is decrypted. Of the statuses in the access log
/// there are 200, 502 where no destination could be reached, 503 where there is none.
/// </summary>
internal sealed class Passthrough(DataPlane dataPlane, FinishedRequests finished, TrafficBook traffic, LimitMetrics metrics, IOptions<ProxyOptions> options, TimeProvider time)
{
    private const int MostTries = 3;

    public Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var serverName = connection.Features.Get<ClientHello>()!.ServerName;
        return connection.Features.Get<ShownChallenge>() is null && dataPlane.Passthroughs.Find(serverName) is { } route ? CarryAsync(connection, serverName, route) : next(connection);
    }

    private async Task CarryAsync(ConnectionContext connection, string serverName, ProxyRoute route)
    {
        var started = time.GetTimestamp();
        traffic.Begin(route);
        var client = connection.RemoteEndPoint as IPEndPoint ?? new(IPAddress.None, 0);
        var tries = new DialedTries(time);
        var (server, destination, reason) = await ConnectAsync(route, client.Address, tries);
        var (status, sent, bytes) = (destination is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway, 0L, 0L);
        if (server is not null)
        {
            var load = route.Backend!.Traffic.Of(destination!.DestinationId);
            Internals.RequestStarted(destination);
            load.Begin();
            try
            {
                (status, (sent, bytes, reason)) = (StatusCodes.Status200OK, await CarryAsync(connection, client, server, route.Backend));
            }
            catch (IOException) // the client broke off before the destination was reached
            {
                (status, reason) = (StatusCodes.Status200OK, Reason.ClientClosed);
            }
            finally
            {
                tries.Ended(bytes);
                Internals.RequestEnded(destination);
                load.End(time.GetUtcNow(), new(destination.DestinationId, StatusCodes.Status101SwitchingProtocols, bytes, TimeSpan.Zero), null);
                await server.DisposeAsync();
            }
        }

        var record = new RequestRecord
        {
            Time = time.GetUtcNow(),
            IsPassthrough = true,
            Client = client.Address,
            Host = serverName,
            Status = status,
            RequestBytes = sent,
            Bytes = bytes,
            Duration = time.GetElapsedTime(started),
            RouteHost = route.Host,
            Ingress = route.Names.IngressKey,
            Service = route.Names.ServiceKey,
            Names = route.Names,
            Last = tries.Last,
            Earlier = tries.Earlier,
            Reason = reason.Word(),
        };
        finished.Tell(record, route);
    }

    /// <summary>
    /// Nothing of the client's bytes is lost by a try that fails, so others follow. A client that has said all may still wait for an answer, so its end of the
    /// connection stops nothing.
    /// </summary>
    private async ValueTask<(NetworkStream? Server, DestinationState? Destination, Reason Reason)> ConnectAsync(ProxyRoute route, IPAddress client, DialedTries tries)
    {
        if (route.Backend is not { } backend)
        {
            return (null, null, route.Refusal);
        }

        var connector = new TcpConnector(backend.Policy.ConnectTimeout, options.Value.AllowLocalTargets, time);
        var (tried, reason) = (Array.Empty<DestinationState>(), backend.WhyNone);
        while (tried.Length < MostTries && backend.Pick(new DefaultHttpContext(), client, tried) is { } destination)
        {
            tried = [.. tried, destination];
            tries.Begin(destination.DestinationId);
            try
            {
                var address = new Uri(destination.Model.Config.Address);
                return (await connector.ConnectAsync(address.IdnHost, address.Port, dataPlane.Cut), destination, Reason.None);
            }
            catch (OperationCanceledException)
            {
                tries.Failed(Reason.ShuttingDown);
                return (null, destination, Reason.ShuttingDown);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                reason = TcpConnector.ReasonOf(e);
                tries.Failed(reason);
                Failed(backend, destination, reason);
            }
        }

        return (null, tried.LastOrDefault(), reason);
    }

    private async Task<(long Sent, long Bytes, Reason Reason)> CarryAsync(ConnectionContext connection, IPEndPoint client, NetworkStream server, ProxyBackend backend)
    {
        var local = connection.LocalEndPoint as IPEndPoint ?? new(IPAddress.None, 0);
        var header = ProxyProtocolHeader.Encode(backend.Policy.ProxyProtocol, client, local);
        await using var output = new NetworkStream(connection.Features.Get<IConnectionSocketFeature>()!.Socket, ownsSocket: false);
        var relay = new Relay(connection.Transport.Input, output, server, backend.Policy.IdleTimeout, time)
        {
            WriteTimeout = (options.Value.Limits.WriteTimeout, () => metrics.Hit(Limit.WriteTimeout)),
        };
        var (sent, bytes, reason) = await relay.RunAsync(header, dataPlane.Cut);
        if (reason != Reason.None)
        {
            connection.Abort(); // who gets only a part must not take it for all
        }

        return (Math.Max(0, sent - header.Length), bytes, reason is not Reason.None && dataPlane.IsCuttingOff ? Reason.ShuttingDown : reason);
    }

    private void Failed(ProxyBackend backend, DestinationState destination, Reason reason)
    {
        var load = backend.Traffic.Of(destination.DestinationId);
        load.Begin();
        load.End(time.GetUtcNow(), new(destination.DestinationId, 0, 0, TimeSpan.Zero), new Failure(StatusCodes.Status502BadGateway, reason));
    }
}
