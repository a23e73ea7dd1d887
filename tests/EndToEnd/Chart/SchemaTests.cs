using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Chart;

/// <summary>values.schema.json: a slip of the pen is an error, not a default.</summary>
public sealed class SchemaTests
{
    [Theory]
    [InlineData("replcas=3", "replcas")]
    [InlineData("image.repo=x", "repo")]
    [InlineData("controller.watchNamespace={a}", "watchNamespace")]
    [InlineData("service.loadBalancerIp=192.0.2.1", "loadBalancerIp")]
    [InlineData("service.ports.htttp.port=80", "htttp")]
    [InlineData("internalService.ports.http.nodeport=30080", "nodeport")]
    [InlineData("podDisruptionBudget.maxUnavailible=1", "maxUnavailible")]
    [InlineData("metrics.serviceMonitor.enable=true", "enable")]
    [InlineData("acme.mail=a@b.c", "mail")]
    [InlineData("acme.dns.tsig.secretName=a", "secretName")]
    [InlineData("acme.issuers[0].name=a,acme.issuers[0].keytype=rsa-2048", "keytype")]
    public async Task A_misspelt_key_is_refused(string set, string named) =>
        Assert.Matches($"Additional property {named} is not allowed|additional properties '{named}' not allowed", await Helm.RefusesAsync("--set", set)); // before and from Helm 3.18

    [Theory]
    [InlineData("kind=StatefulSet")]
    [InlineData("replicas=two")]
    [InlineData("replicas=-1")]
    [InlineData("service.type=Loadbalancer")]
    [InlineData("service.externalTrafficPolicy=local")]
    [InlineData("service.ports.http.port=0")]
    [InlineData("service.ports.http.nodePort=70000")]
    [InlineData("service.ports.http.targetPort=admin")]
    [InlineData("service.ipFamilies={IPv5}")]
    [InlineData("service.loadBalancerSourceRanges={192.0.2.1}")]
    [InlineData("service.sessionAffinity=Cookie")]
    [InlineData("service.trafficDistribution=Near")]
    [InlineData("service.annotations.a=1")] // Kubernetes wants text: --set-string
    [InlineData("controller.logFormat=xml")]
    [InlineData("controller.defaultBackendService=fallback")]
    [InlineData("controller.defaultTlsSecret=wildcard")]
    [InlineData("controller.publicHttpsPort=0")]
    [InlineData("controller.proxyProtocol=true")]
    [InlineData("controller.trustedProxies={everyone}")]
    [InlineData("ingressClass.controllerName=yarp")]
    [InlineData("podAntiAffinity=firm")]
    [InlineData("podDisruptionBudget.maxUnavailable=half")]
    [InlineData("extraArgs={proxy-protocol}")]
    [InlineData("shutdown.delaySeconds=10s")]
    [InlineData("image.digest=latest")]
    [InlineData(@"podLabels.app\.kubernetes\.io/name=x")] // pods are selected by it
    [InlineData(@"commonLabels.app\.kubernetes\.io/instance=x")]
    [InlineData("dnsPolicy=Cluster")]
    [InlineData("acme.keyType=rsa")]
    [InlineData("acme.challenges={http}")]
    [InlineData("acme.issuers[0].email=a@b.c")] // no name
    [InlineData("acme.issuers[0].name=A")]
    [InlineData(@"acme.issuers[0].name=a,acme.issuers[0].profile=b\,key-type=c")] // would be another setting
    public async Task A_value_of_the_wrong_kind_is_refused(string set) =>
        Assert.Contains("values don't meet the specifications of the schema", await Helm.RefusesAsync("--set", set), StringComparison.Ordinal);

    [Fact]
    public async Task Without_a_cluster_role_namespaces_must_be_named() =>
        Assert.Contains("controller.watchNamespaces", await Helm.RefusesAsync("--set", "rbac.clusterRole=false"), StringComparison.Ordinal);

    [Fact]
    public void Every_key_of_the_values_is_in_the_schema_and_the_other_way_round()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Repository.Path($"{Helm.ChartPath}/values.schema.json")))!.AsObject();
        var values = Rendering.Of(File.ReadAllText(Repository.Path($"{Helm.ChartPath}/values.yaml"))).Objects.Single();
        Assert.Empty(Differences(values, schema, schema, ""));
    }

    /// <summary>Goes down as far as the schema names keys.</summary>
    private static IEnumerable<string> Differences(JsonObject values, JsonObject schema, JsonObject root, string place)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            schema = root["definitions"]![reference.Split('/')[^1]]!.AsObject();
        }

        if (schema["properties"] is not JsonObject properties)
        {
            return [];
        }

        var inherited = place.Length == 0 ? "global" : "";
        var optional = place is "resources." or "affinity." or "autoscaling.behavior." ? properties.Select(pair => pair.Key) : [inherited];
        return properties.Select(pair => pair.Key).Except(optional).Except(values.Select(pair => pair.Key)).Select(key => $"{place}{key} has no default")
            .Concat(values.Select(pair => pair.Key).Except(properties.Select(pair => pair.Key)).Select(key => $"{place}{key} is not in the schema"))
            .Concat((bool?)schema["additionalProperties"] == false ? [] : [$"{place} lets unknown keys in"])
            .Concat(values.Where(pair => pair.Value is JsonObject && properties.ContainsKey(pair.Key))
                .SelectMany(pair => Differences(pair.Value!.AsObject(), properties[pair.Key]!.AsObject(), root, $"{place}{pair.Key}.")));
    }
}
