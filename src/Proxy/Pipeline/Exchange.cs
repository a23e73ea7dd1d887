using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using IngressController.Proxy.Backends;
using IngressController.Proxy.Limits;
using IngressController.Proxy.Observing;
using Microsoft.AspNetCore.Http;

namespace IngressController.Proxy.Pipeline;

/// <summary>What the steps know about one request and its answer. Pooled: belongs to the observation step, which takes it back at the end.</summary>
internal sealed class Exchange
{
    public CountedBody Body { get; } = new();

    /// <summary>The address of the client: the peer, or what a trusted peer says.</summary>
    public IPAddress Client { get; set; } = IPAddress.None;

    /// <summary>The peer is a trusted proxy: what its headers say is believed.</summary>
    public bool IsPeerTrusted { get; set; }

    public string RequestId { get; set; } = "";

    /// <summary>The request's span; null where none is made.</summary>
    public Activity? Span { get; set; }

    /// <summary>Of the span's trace; empty where there is none.</summary>
    public string TraceId { get; set; } = "";

    /// <summary>The target in origin form, byte for byte as the client sent it.</summary>
    public string Target { get; set; } = "";

    /// <summary>How many there were.</summary>
    public int Tries => EarlierTries.Length + (LastTry.Destination.Length > 0 ? 1 : 0);

    /// <summary>What this request is looked up in, from its beginning to its end.</summary>
    public ServingTables Tables { get; set; } = ServingTables.Empty;

    /// <summary>The client speaks TLS, with us or with a trusted peer in front of us.</summary>
    public bool IsHttps { get; set; }

    /// <summary>Null where no rule and no default backend answers.</summary>
    public ProxyRoute? Route { get; set; }

    /// <summary>The last try to have a destination answer.</summary>
    public UpstreamTry LastTry { get; private set; } = UpstreamTry.None;

    /// <summary>Those before it.</summary>
    public ImmutableArray<UpstreamTry> EarlierTries { get; private set; } = [];

    /// <summary>Of the request's line and headers; 0 where nobody asks.</summary>
    public int HeadBytes { get; set; }

    /// <summary>The status that a destination has answered; 0 before it has.</summary>
    public int UpstreamStatus { get; set; }

    public Reason Reason { get; set; }

    /// <summary>The request's body, where its client's time is limited.</summary>
    public TimedUpload? Upload { get; set; }

    /// <summary>The request's body, where its client has all the time it wants.</summary>
    public CountedUpload? Stream { get; set; }

    /// <summary>Of the request's body, as far as it was read.</summary>
    public long RequestBytes => Upload?.Received ?? Stream?.Received ?? 0;

    public static Exchange Of(HttpContext context) => context.Features.Get<Exchange>()!;

    public void Begin(HttpContext context)
    {
        context.Features.Set(this);
        Body.Attach(context.Features);
    }

    /// <summary>A try is over.</summary>
    public void Tried(in UpstreamTry attempt)
    {
        if (LastTry.Destination.Length > 0)
        {
            EarlierTries = EarlierTries.Add(LastTry);
        }

        LastTry = attempt;
    }

    public void End(HttpContext context)
    {
        Body.Detach(context.Features);
        context.Features.Set<Exchange>(null);
        (Client, IsPeerTrusted, RequestId, Target, Route) = (IPAddress.None, false, "", "", null);
        (Span, TraceId) = (null, "");
        (LastTry, EarlierTries) = (UpstreamTry.None, []);
        (UpstreamStatus, Reason, Upload, Stream) = (0, Reason.None, null, null);
        (Tables, IsHttps, HeadBytes) = (ServingTables.Empty, false, 0);
    }
}
