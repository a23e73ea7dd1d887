using System.ComponentModel;
using IngressController.Proxy.Observing;

namespace IngressController.App.Dashboard.Api;

internal sealed record TailItem(
    [property: Description("When it ended")] DateTimeOffset Time,
    [property: Description("The address of the client")] string Client,
    [property: Description("TCP or UDP for sessions of such services; empty for connections that were passed through")] string Method,
    [property: Description("As the client sent it, with port; of a session the port at which it came, as in :5432")] string Host,
    [property: Description("Without the query, which may carry secrets")] string Path,
    [property: Description("As in the access log")] int Status,
    [property: Description("Of the response's body")] long Bytes,
    [property: Description("Milliseconds")] double Duration,
    [property: Description("Namespace and name; empty where no Ingress decided")] string Ingress,
    [property: Description("Namespace, name and port; empty where there is no route")] string Service,
    [property: Description("Address and port of the last try; empty where there was none")] string Destination,
    [property: Description("Milliseconds with destinations, all tries together")] double UpstreamTime,
    [property: Description("As the backend sees it in X-Request-ID")] string RequestId,
    [property: Description("One word, as in the access log; empty where the backend answered and that was all")] string Reason)
{
    public static TailItem Of(in RequestRecord record) => new(
        record.Time, record.Client.ToString(), record.Verb, record.Host, record.ShownPath, record.Status, record.Bytes, ApiJson.Round(record.Duration.TotalMilliseconds),
        record.Ingress, record.Service, record.Last.Destination, ApiJson.Round(record.UpstreamTime.TotalMilliseconds), record.RequestId, record.Reason);
}

internal sealed record MissedItem([property: Description("Requests that were not shown, because more ended than are shown or than the client took")] long Count);

internal sealed record ChangedItem([property: Description("When the new configuration was applied")] DateTimeOffset AppliedAt);
