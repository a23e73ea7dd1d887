using System.Collections.Immutable;
using OpenTelemetry.Resources;

namespace IngressController.App.Metrics;

/// <summary>Who measures, in OpenTelemetry's words: the same for everything that is told of this process.</summary>
/// <param name="Pod">Or the machine, outside a cluster.</param>
internal sealed record TelemetryIdentity(string Pod, string Namespace)
{
    public static TelemetryIdentity Here { get; } = new(Environment.MachineName, "default");

    public ImmutableArray<KeyValuePair<string, object>> Attributes =>
    [
        new("service.name", "ingress-controller"),
        new("service.version", AppVersion.Text),
        new("service.instance.id", $"{Namespace}/{Pod}"),
    ];

    public ResourceBuilder Resource => ResourceBuilder.CreateEmpty().AddAttributes(Attributes);
}
