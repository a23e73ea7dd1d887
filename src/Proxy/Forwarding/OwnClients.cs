using System.Net;
using IngressController.Routing.Model;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IngressController.Proxy.Forwarding;

/// <summary>
/// Connections to backends that begin with the address of a client, and so carry requests of that client only. A shared pool cannot keep them apart: it gives a
/// connection that was opened for one request to another that waits. So they belong to the client's own connection, are kept with it and close with it.
/// </summary>
internal sealed class OwnClients
{
    /// <summary>Behind a trusted proxy one connection may bring requests of many clients; so many of them keep their connections.</summary>
    private const int MostKept = 8;

    private readonly List<OwnClient> all = [];
    private readonly Lock access = new();
    private bool isClosed;

    /// <summary>Those of the connection that the request came by.</summary>
    public static OwnClients Of(HttpContext context)
    {
        var items = context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        lock (items)
        {
            if (items.TryGetValue(typeof(OwnClients), out var known))
            {
                return (OwnClients)known!;
            }

            var fresh = new OwnClients();
            items[typeof(OwnClients)] = fresh;
            var closed = context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed;
            closed.UnsafeRegister(static clients => ((OwnClients)clients!).Close(), fresh);
            return fresh;
        }
    }

    /// <param name="address">Of the client; not always that of the connection's peer.</param>
    /// <returns>To be given to <see cref="Return"/> when the request is over.</returns>
    public OwnClient Borrow(UpstreamSetting setting, ConnectionInfo connection, IPAddress address, UpstreamClients clients)
    {
        lock (access)
        {
            var client = all.Find(other => other.Setting == setting && other.Address.Equals(address));
            if (client is null)
            {
                MakeRoom();
                client = new(setting, address, clients.Create(setting, Header(setting.ProxyProtocol, connection, address)));
                all.Add(client);
            }

            client.Requests++;
            return client;
        }
    }

    public void Return(OwnClient client)
    {
        lock (access)
        {
            client.Requests--;
            if (isClosed && client.Requests == 0)
            {
                client.Invoker.Dispose();
            }
        }
    }

    private void Close()
    {
        lock (access)
        {
            isClosed = true;
            all.FindAll(client => client.Requests == 0).ForEach(client => client.Invoker.Dispose());
        }
    }

    private void MakeRoom()
    {
        while (all.Count >= MostKept && all.Find(client => client.Requests == 0) is { } longestKept)
        {
            all.Remove(longestKept);
            longestKept.Invoker.Dispose();
        }
    }

    private static byte[] Header(ProxyProtocolVersion version, ConnectionInfo connection, IPAddress address)
    {
        var isPeer = connection.RemoteIpAddress is { } peer && ForwardedNode.Normalize(peer).Equals(address);
        var server = new IPEndPoint(connection.LocalIpAddress ?? IPAddress.Any, connection.LocalPort);
        return ProxyProtocolHeader.Encode(version, new(address, isPeer ? connection.RemotePort : 0), server);
    }
}

/// <summary>One client's way to the backends of one setting.</summary>
internal sealed class OwnClient(UpstreamSetting setting, IPAddress address, HttpMessageInvoker invoker)
{
    public UpstreamSetting Setting => setting;

    public IPAddress Address => address;

    public HttpMessageInvoker Invoker => invoker;

    /// <summary>Under way.</summary>
    public int Requests { get; set; }
}
