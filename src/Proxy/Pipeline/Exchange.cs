using System.Net;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Limits;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace IngressController.Proxy.Pipeline;

/// <summary>What the steps know about one request and its answer. Pooled: belongs to the access log step, which takes it back at the end.</summary>
internal sealed class Exchange
{
    public CountedBody Body { get; } = new();

    /// <summary>The address of the client: the peer, or what a trusted peer says.</summary>
    public IPAddress Client { get; set; } = IPAddress.None;

    public string RequestId { get; set; } = "";

    /// <summary>The target in origin form, byte for byte as the client sent it.</summary>
    public string Target { get; set; } = "";

    /// <summary>What this request is looked up in, from its beginning to its end.</summary>
    public ServingTables Tables { get; set; } = ServingTables.Empty;

    /// <summary>The client speaks TLS, with us or with a trusted peer in front of us.</summary>
    public bool IsHttps { get; set; }

    /// <summary>Null where no rule and no default backend answers.</summary>
    public ProxyRoute? Route { get; set; }

    /// <summary>The destination that was tried last.</summary>
    public DestinationState? Destination { get; set; }

    /// <summary>Time spent with destinations, in <see cref="TimeProvider"/> ticks; 0 where none was tried.</summary>
    public long UpstreamTime { get; set; }

    /// <summary>The status that a destination has answered; 0 before it has.</summary>
    public int UpstreamStatus { get; set; }

    public Reason Reason { get; set; }

    /// <summary>The request's body, where its client's time is limited.</summary>
    public TimedUpload? Upload { get; set; }

    public static Exchange Of(HttpContext context) => context.Features.Get<Exchange>()!;

    public void Begin(HttpContext context)
    {
        context.Features.Set(this);
        Body.Attach(context.Features);
    }

    public void End(HttpContext context)
    {
        Body.Detach(context.Features);
        context.Features.Set<Exchange>(null);
        (Client, RequestId, Target, Route, Destination) = (IPAddress.None, "", "", null, null);
        (UpstreamTime, UpstreamStatus, Reason, Upload) = (0, 0, Reason.None, null);
        (Tables, IsHttps) = (ServingTables.Empty, false);
    }
}
