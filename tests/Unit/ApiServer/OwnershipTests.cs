using System.Text.Json.Nodes;

namespace IngressController.Unit.ApiServer;

/// <summary>metadata.managedFields.</summary>
public sealed class OwnershipTests
{
    private const string Merge = "application/merge-patch+json";
    private const string Status = Api.InDefault + "/web/status";

    [Fact]
    public async Task The_manager_is_the_query_s_or_the_user_agent_s_first_word()
    {
        await using var api = await Api.StartAsync();
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        var patched = await api.AskAsync("PATCH", $"{Status}?fieldManager=ingress-controller", Addresses("192.0.2.1"), Merge);
        Assert.Equal(["curl::f:spec[f:rules,f:tls]", "ingress-controller:status:f:status[f:loadBalancer[f:ingress]]"], Owners(patched));
    }

    [Fact]
    public async Task Who_writes_the_addresses_takes_them_over_whole_and_the_other_vanishes()
    {
        await using var api = await Api.StartAsync();
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        await api.AskAsync("PATCH", $"{Status}?fieldManager=one", Addresses("192.0.2.1"), Merge);
        var patched = await api.AskAsync("PATCH", $"{Status}?fieldManager=two", Addresses("192.0.2.1", "192.0.2.2"), Merge);
        Assert.Equal(["curl::f:spec[f:rules,f:tls]", "two:status:f:status[f:loadBalancer[f:ingress]]"], Owners(patched));
        patched = await api.AskAsync("PATCH", $"{Status}?fieldManager=three", """{"status":{"loadBalancer":{"ingress":null}}}""", Merge);
        Assert.Equal(["curl::f:spec[f:rules,f:tls]"], Owners(patched));
    }

    [Fact]
    public async Task Who_writes_what_is_there_already_owns_nothing()
    {
        await using var api = await Api.StartAsync();
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        await api.AskAsync("PATCH", $"{Status}?fieldManager=one", Addresses("192.0.2.1"), Merge);
        var patched = await api.AskAsync("PATCH", $"{Status}?fieldManager=two", Addresses("192.0.2.1"), Merge);
        Assert.Equal("one:status:f:status[f:loadBalancer[f:ingress]]", Owners(patched)[1]);
    }

    [Fact]
    public async Task Labels_and_annotations_are_owned_one_by_one()
    {
        await using var api = await Api.StartAsync();
        await api.AskAsync("POST", Api.InDefault, Api.Ingress("web"));
        await api.AskAsync("PATCH", $"{Api.InDefault}/web?fieldManager=one", """{"metadata":{"annotations":{"a":"1","b":"1"}}}""", Merge);
        var patched = await api.AskAsync("PATCH", $"{Api.InDefault}/web?fieldManager=two", """{"metadata":{"annotations":{"a":null,"b":"2","c":"2"}}}""", Merge);
        Assert.Equal(["curl::f:spec[f:rules,f:tls]", "one::f:metadata[f:annotations]", "two::f:metadata[f:annotations[f:b,f:c]]"], Owners(patched));
    }

    [Fact]
    public async Task The_ports_of_a_Service_are_owned_by_port_and_protocol_with_defaults_and_without_what_was_allocated()
    {
        await using var api = await Api.StartAsync();
        var created = await api.AskAsync("POST", "/api/v1/namespaces/default/services", """{"metadata":{"name":"web"},"spec":{"selector":{"app":"web"},"ports":[{"port":80}]}}""");
        Assert.Equal(
            ["""curl::f:spec[f:internalTrafficPolicy,f:ports[.,k:{"port":80,"protocol":"TCP"}[.,f:port,f:protocol,f:targetPort]],f:selector,f:sessionAffinity,f:type]"""], Owners(created));
    }

    private static string Addresses(params string[] ips) =>
        $$$$"""{"status":{"loadBalancer":{"ingress":[{{{{string.Join(',', ips.Select(ip => $"{{\"ip\":\"{ip}\"}}"))}}}}]}}}""";

    private static List<string> Owners(JsonNode item) =>
    [
        .. item["metadata"]!["managedFields"]!.AsArray().Select(entry => $"{entry!["manager"]}:{entry["subresource"]}:{Brief(entry["fieldsV1"]!.AsObject())}"),
    ];

    private static string Brief(JsonObject fields) => string.Join(',', fields.Select(field => field.Value!.AsObject() is { Count: > 0 } inner ? $"{field.Key}[{Brief(inner)}]" : field.Key));
}
