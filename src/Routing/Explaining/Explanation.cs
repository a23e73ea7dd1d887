using IngressController.Cluster;
using IngressController.Routing.Matching;
using IngressController.Routing.Model;

namespace IngressController.Routing.Explaining;

/// <summary>One host that could have taken the request, in the order in which they are asked.</summary>
/// <param name="Exists">Some Ingress declares it. The first that exists decides, whatever its paths.</param>
/// <param name="Ingresses">Those that declare it, oldest first.</param>
public sealed record HostCandidate(HostName Host, bool Exists, bool IsChosen, EquatableArray<NamespacedName> Ingresses);

/// <summary>An Ingress that could answer for the host and is not served.</summary>
public sealed record PassedOver(NamespacedName Ingress, string Why);

/// <summary>One route of the chosen host, in the order of precedence.</summary>
public sealed record RouteCandidate(Route Route, bool IsChosen, string Why);

/// <summary>Why a request is answered as it is.</summary>
/// <param name="Host">As it is looked up: without port and trailing dot.</param>
/// <param name="Path">In normal form; the target's path as it came where it has none.</param>
/// <param name="Decision">The whole decision in one sentence.</param>
/// <param name="Problems">Of the Ingresses that name this host; and, where no Ingress declares it, of what cannot be read at all.</param>
/// <param name="PassedOver">By their names.</param>
/// <param name="Chosen">Null where no route answers.</param>
/// <param name="Backend">Null where the chosen route is refused or there is none.</param>
/// <param name="Tls">What comes before the route.</param>
/// <param name="Status">What the proxy answers by itself; null where the request is forwarded.</param>
public sealed record Explanation(
    string Host,
    string Path,
    TargetVerdict Verdict,
    EquatableArray<HostCandidate> Hosts,
    EquatableArray<RouteCandidate> Routes,
    MatchKind Kind,
    Route? Chosen,
    Backend? Backend,
    TlsExplanation Tls,
    int? Status,
    string Decision,
    EquatableArray<Problem> Problems,
    EquatableArray<PassedOver> PassedOver);
