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
        if (!model.Tls.IsEmpty)
        {
            yaml.List("tls", [.. model.Tls.OrderBy(pair => pair.Key)], pair => Tls(yaml, pair.Key, pair.Value));
        }

        yaml.List("backends", [.. backends], backend => Backend(yaml, backend));
        if (!model.Streams.IsEmpty)
        {
            yaml.List("streams", [.. model.Streams.Values.OrderBy(stream => stream.Key.Protocol).ThenBy(stream => stream.Key.Port)], stream => Stream(yaml, stream));
        }

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

        Policies(yaml, route.Policies);
    }

    /// <summary>Never what is in a Secret.</summary>
    private static void Tls(YamlWriter yaml, HostName host, HostTls tls)
    {
        yaml.Pair("host", host.ToString());
        yaml.Pair("askedFor", tls.IsAskedFor ? "true" : "false");
        yaml.List("certificates", [.. tls.Certificates.Select(source => $"{source.Secret} from {source.Ingress} {source.Field}{(source.IfCovering ? " if it is for the host" : "")}{(source.StandIn switch { StandIn.Always => " after the wildcard's", StandIn.Never => " before the wildcard's", _ => "" })}")]);
        if (tls.Clients is { } clients)
        {
            yaml.Map("clientCertificates", () =>
            {
                yaml.Pair("use", clients.Use.ToString());
                yaml.Pair("authorities", clients.Secret.ToString());
                yaml.Pair("depth", clients.Depth.ToString(System.Globalization.CultureInfo.InvariantCulture));
                if (clients.Refusal is { } refusal)
                {
                    yaml.Pair("refused", refusal.ToString());
                }
            });
        }

        if (tls.Passthrough is { } passthrough)
        {
            yaml.Pair("passthrough", passthrough.Backend?.ToString() ?? "closed");
        }
    }

    private static void Policies(YamlWriter yaml, RoutePolicies policies)
    {
        if (policies.Redirect != HttpsRedirect.WithTls)
        {
            yaml.Pair("redirectToHttps", policies.Redirect.ToString());
        }

        if (policies.StrictTransportSecurity is { } header)
        {
            yaml.Pair("strictTransportSecurity", header);
        }

        if (policies.MaxBodySize is { } size)
        {
            yaml.Pair("maxBodySize", size.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static void UpstreamTls(YamlWriter yaml, UpstreamTls tls) => yaml.Map("tls", () =>
    {
        yaml.Pair("verifies", tls.Verifies ? "true" : "false");
        if (tls.Secret is { } secret)
        {
            yaml.Pair("secret", secret.ToString());
        }

        if (tls.Name is { } name)
        {
            yaml.Pair("name", name);
        }

        if (tls.ServerName is { } serverName)
        {
            yaml.Pair("serverName", serverName);
        }
    });

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
            if (policy.Tls != Routing.Model.UpstreamTls.Default)
            {
                UpstreamTls(yaml, policy.Tls);
            }

            if (policy.ProxyProtocol != ProxyProtocolVersion.None)
            {
                yaml.Pair("proxyProtocol", policy.ProxyProtocol.ToString());
            }
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
        if (!backend.PassedOver.IsEmpty)
        {
            yaml.List("passedOver", [.. backend.PassedOver.Select(endpoint => $"{endpoint.Destination} {endpoint.Why}")]);
        }

        if (backend.Trouble is { } trouble)
        {
            yaml.Pair("trouble", trouble.Code.ToString());
        }

        if (!backend.Warnings.IsEmpty)
        {
            yaml.List("warnings", [.. backend.Warnings.Select(warning => warning.Code.ToString())]);
        }
    }

    private static void Stream(YamlWriter yaml, StreamService stream)
    {
        yaml.Pair("stream", stream.Key.ToString());
        yaml.Pair("from", stream.Origin.ToString());
        yaml.Pair("service", stream.Service.ToString());
        if (stream.ReadsProxyProtocol)
        {
            yaml.Pair("readsProxyProtocol", "true");
        }

        if (stream.SendsProxyProtocol)
        {
            yaml.Pair("sendsProxyProtocol", "true");
        }

        yaml.List("destinations", [.. stream.Destinations.Select(destination => destination.ToString())]);
    }
}
