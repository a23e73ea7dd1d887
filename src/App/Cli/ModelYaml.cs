using IngressController.Cluster;
using IngressController.Routing.Model;

namespace IngressController.App.Cli;

/// <summary>The routing model as YAML. Everything stands in an order of its own, so equal models are equal texts.</summary>
internal static class ModelYaml
{
    public static string Write(RoutingModel model)
    {
        var yaml = new YamlWriter();
        yaml.List("hosts", [.. model.Hosts.Values.OrderBy(host => host.Host)], host => Host(yaml, host));
        if (model.CatchAll is { } catchAll)
        {
            yaml.Map("catchAll", () => Answer(yaml, catchAll));
        }

        var backends = model.Backends.Values
            .OrderBy(backend => backend.Key.Service)
            .ThenBy(backend => backend.Key.Port.ToString(), StringComparer.Ordinal)
            .ThenBy(backend => backend.Key.Policy.ToString(), StringComparer.Ordinal);
        yaml.List("backends", [.. backends], backend => Backend(yaml, backend));
        return yaml.ToString();
    }

    private static void Host(YamlWriter yaml, HostRoutes host)
    {
        yaml.Pair("host", host.Host.ToString());
        yaml.List("ingresses", [.. host.Ingresses.Select(name => name.ToString())]);
        yaml.List("paths", host.Routes, route =>
        {
            yaml.Pair("path", route.Path.Text);
            yaml.Pair("type", route.Path.Kind.ToString());
            Answer(yaml, route);
        });
        if (host.Default is { } fallback)
        {
            yaml.Map("default", () => Answer(yaml, fallback));
        }
    }

    private static void Answer(YamlWriter yaml, Route route)
    {
        yaml.Pair("from", route.Ingress is { } ingress ? $"{ingress} {route.Field}" : route.Field);
        if (route.Backend is { } backend)
        {
            yaml.Pair("backend", backend.ToString());
            Policy(yaml, backend.Policy);
        }

        if (route.Refusal is { } refusal)
        {
            yaml.Pair("refused", refusal.ToString());
        }
    }

    /// <summary>Only what differs from the defaults.</summary>
    private static void Policy(YamlWriter yaml, UpstreamPolicy policy)
    {
        if (policy == UpstreamPolicy.Default)
        {
            return;
        }

        yaml.Map("policy", () =>
        {
            yaml.Pair("protocol", policy.Protocol?.ToString() ?? "appProtocol");
            yaml.Pair("balancing", policy.Balancing.ToString());
            yaml.Pair("connectTimeout", DurationText.Of(policy.ConnectTimeout));
            yaml.Pair("idleTimeout", DurationText.Of(policy.IdleTimeout));
        });
    }

    private static void Backend(YamlWriter yaml, Backend backend)
    {
        yaml.Pair("backend", backend.Key.ToString());
        Policy(yaml, backend.Key.Policy);
        yaml.Pair("protocol", backend.Protocol.ToString());
        if (backend.ClientIPAffinity is { } affinity)
        {
            yaml.Pair("clientIPAffinity", DurationText.Of(affinity));
        }

        yaml.List("destinations", [.. backend.Destinations.Select(destination => destination.ToString())]);
        if (backend.Trouble is { } trouble)
        {
            yaml.Pair("trouble", trouble.Code.ToString());
        }

        if (!backend.Warnings.IsEmpty)
        {
            yaml.List("warnings", [.. backend.Warnings.Select(warning => warning.Code.ToString())]);
        }
    }
}
